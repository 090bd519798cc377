using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>
/// A protobuf message as Envoy reads it from a document, every value with its place. Fields are named by paths in snake case, such as
/// <c>processing_mode.request_body_mode</c>; what could not be read counts as absent (and has a finding of its own).
/// </summary>
public sealed class ConfigMessage
{
    private readonly Dictionary<string, ConfigField> fields = [];

    internal ConfigMessage(MessageDescriptor type, Node? node) => (Type, Node) = (type, node);

    /// <summary>The message's type.</summary>
    public MessageDescriptor Type { get; }

    /// <summary>The value it was read from; null for one that is not in the document.</summary>
    public Node? Node { get; internal set; }

    /// <summary>The fields that are set, in no order.</summary>
    internal IReadOnlyCollection<ConfigField> Fields => fields.Values;

    /// <summary>Whether a field is set: present, not null, and for a list or map not empty.</summary>
    public bool Has(string path) => Find(path).Field is not null;

    /// <summary>The name of an enum's value; the default's when absent, the number in digits when it has no name.</summary>
    public Located<string> Enum(string path) => Read(path, (descriptor, value) =>
        descriptor.EnumType.FindValueByNumber(value as int? ?? 0)?.Name ?? $"{value}");

    /// <summary>A bool, or a BoolValue's bool; false when absent.</summary>
    public Located<bool> Bool(string path) => Read(path, (_, value) => value is true);

    /// <summary>A string, or a StringValue's; empty when absent.</summary>
    public Located<string> String(string path) => Read(path, (_, value) => value as string ?? "");

    /// <summary>An integer of any width, or a wrapper's; 0 when absent.</summary>
    public Located<decimal> Integer(string path) => Read(path, (_, value) => value as decimal? ?? 0);

    /// <summary>A duration; null when absent.</summary>
    public Located<ConfigDuration?> Duration(string path) => Read(path, (_, value) => value as ConfigDuration?);

    /// <summary>A message; null when absent.</summary>
    public ConfigMessage? Message(string path) => Find(path).Field?.Values[^1].Value as ConfigMessage;

    /// <summary>The items of a list of messages.</summary>
    public IReadOnlyList<ConfigMessage> Messages(string path) =>
        [.. Find(path).Field?.Values.Select(value => value.Value).OfType<ConfigMessage>() ?? []];

    /// <summary>The items of a list of strings, each with its place.</summary>
    public IReadOnlyList<Located<string>> Strings(string path) =>
        [.. Find(path).Field?.Values.Select(value => new Located<string>(value.Value as string ?? "", true, PlaceOf(value.Node))) ?? []];

    /// <summary>The entries of a map with messages or strings as values.</summary>
    public IReadOnlyList<(ScalarNode Key, ConfigValue Value)> Map(string path) =>
        [.. Find(path).Field?.Values.Where(value => value.Key is not null).Select(value => (value.Key!, value)) ?? []];

    /// <summary>A <c>google.protobuf.Any</c>; null when absent.</summary>
    public ConfigAny? Any(string path) => Find(path).Field?.Values[^1].Value as ConfigAny;

    /// <summary>Where a field stands or would stand.</summary>
    public Place PlaceOf(string path) => Find(path).Place;

    /// <summary>The place of a value that is there.</summary>
    public static Place PlaceOf(Node node) => new(node.UseSpan, node, node.Parent as MappingNode, []);

    internal void Set(FieldDescriptor descriptor, MappingEntry? entry, IReadOnlyList<ConfigValue> values) =>
        fields[descriptor.Name] = new(descriptor, entry, values);

    /// <summary>Forgets the member of a oneof that is set.</summary>
    internal void Clear(OneofDescriptor? oneof)
    {
        foreach (FieldDescriptor member in oneof?.Fields ?? [])
        {
            fields.Remove(member.Name);
        }
    }

    internal ConfigField? FieldOf(string name) => fields.GetValueOrDefault(name);

    private Located<T> Read<T>(string path, Func<FieldDescriptor, object?, T> convert)
    {
        (FieldDescriptor descriptor, ConfigField? field, Place place) = Find(path);
        return new(convert(descriptor, field?.Values[^1].Value), field is not null, place);
    }

    private (FieldDescriptor Descriptor, ConfigField? Field, Place Place) Find(string path)
    {
        string[] steps = path.Split('.');
        ConfigMessage at = this;
        for (int step = 0; ; step++)
        {
            ConfigField? field = at.FieldOf(steps[step]);
            if (step == steps.Length - 1 && field is not null)
            {
                return (field.Descriptor, field, PlaceOf(field.Values[^1].Node));
            }

            if (field?.Values[^1].Value is not ConfigMessage next || step == steps.Length - 1)
            {
                return (DescriptorOf(at.Type, steps.AsSpan(step)), null, at.WouldStand(steps[step..]));
            }

            at = next;
        }
    }

    private static FieldDescriptor DescriptorOf(MessageDescriptor type, ReadOnlySpan<string> steps)
    {
        FieldDescriptor field = type.FindFieldByName(steps[0])
            ?? throw new ArgumentException($"{type.FullName} has no field {steps[0]}", nameof(steps));
        return steps.Length == 1 ? field : DescriptorOf(field.MessageType, steps[1..]);
    }

    private Place WouldStand(string[] missing)
    {
        SourceSpan span = Node?.Entry?.Key.UseSpan ?? Node?.UseSpan ?? default;
        return new(span, null, Node as MappingNode, missing) { Around = Node };
    }
}

/// <summary>A field that is set: one value, or the items of a list or map.</summary>
internal sealed record ConfigField(FieldDescriptor Descriptor, MappingEntry? Entry, IReadOnlyList<ConfigValue> Values);

/// <summary>
/// A value: bool, string, decimal (any integer), double, int (an enum's number), byte[], <see cref="ConfigDuration"/>,
/// <see cref="ConfigAny"/>, <see cref="ConfigMessage"/>, or null where only the node counts (Struct).
/// </summary>
public sealed record ConfigValue(object? Value, Node Node)
{
    /// <summary>The key, in a map.</summary>
    public ScalarNode? Key { get; init; }
}

/// <summary>A <c>google.protobuf.Duration</c>.</summary>
public readonly record struct ConfigDuration(long Seconds, int Nanos)
{
    /// <summary>The whole of it, in seconds.</summary>
    public decimal TotalSeconds => Seconds + (Nanos / 1e9m);

    /// <summary>As protobuf's JSON writes it, in seconds.</summary>
    public override string ToString() => Nanos == 0 ? $"{Seconds}s" : $"{TotalSeconds:0.#########}s";
}

/// <summary>A <c>google.protobuf.Any</c>: its type and, where the type is known here, its message.</summary>
/// <param name="TypeUrl">As written; empty when absent.</param>
/// <param name="Message">The message in it, also out of a TypedStruct; null when the type is not one that is read here.</param>
public sealed record ConfigAny(string TypeUrl, ConfigMessage? Message)
{
    /// <summary>Problems that count only if Envoy looks into this: what a TypedStruct holds is read when its filter is built.</summary>
    internal IReadOnlyList<ConfigProblem> HeldBack { get; init; } = [];

    /// <summary>The full name after the last slash; for a TypedStruct the name of the type in it.</summary>
    public string TypeName { get; init; } = TypeUrl[(TypeUrl.LastIndexOf('/') + 1)..];
}
