using Envoy.Api.Protos;
using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Decoding;

/// <summary>
/// Nodes to messages through descriptors, by the rules of protobuf's JSON reader in the mode that Envoy uses: snake_case and lowerCamelCase
/// names, a lone value for a list, nested lists flattened, null as absent, a repeated key merged, a oneof set only once.
/// </summary>
internal sealed class MessageDecoder
{
    private readonly DecodeContext context;
    private readonly ScalarDecoder scalars;
    private readonly WellKnownDecoder wellKnown;

    public MessageDecoder(DecodeContext context)
    {
        this.context = context;
        scalars = new(context);
        wellKnown = new(context, this, scalars);
    }

    /// <summary>Reads a message; what is wrong goes to the context's problems and counts as absent.</summary>
    public ConfigMessage Decode(MessageDescriptor type, Node node, bool inAny = false)
    {
        ConfigMessage message = new(type, node);
        int inside = type.FullName is TypeUrls.Filter or TypeUrls.PerRoute ? 1 : 0;
        context.ExtProcDepth += inside;
        DecodeInto(message, node, inAny);
        context.ExtProcDepth -= inside;
        return message;
    }

    /// <summary>Reads a <c>google.protobuf.Any</c>.</summary>
    public ConfigAny? DecodeAny(Node node) => wellKnown.Any(node, null);

    /// <summary>Reads a value that stands alone as a list or map field of a message.</summary>
    public void DecodeList(ConfigMessage message, string field, Node node)
    {
        FieldValues values = new();
        FieldDescriptor descriptor = message.Type.FindFieldByName(field);
        if (descriptor.IsMap)
        {
            DecodeMap(descriptor, node, values);
        }
        else
        {
            DecodeItems(descriptor, node, values);
        }

        if (values.Count > 0)
        {
            message.Set(descriptor, null, values);
        }
    }

    /// <summary>Reads a message's fields on top of those that it has.</summary>
    public void DecodeInto(ConfigMessage message, Node node, bool inAny = false)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        message.Node = node;
        if (message.Type.IsOpaque())
        {
            return;
        }

        if (node is not MappingNode mapping)
        {
            context.Report(ProblemKind.WrongType, node, $"{Described.Value(node)} where a {message.Type.Name} should stand", "write a mapping with the fields of the message");
            return;
        }

        Dictionary<FieldDescriptor, FieldValues> seen = [];
        foreach (MappingEntry entry in JsonView.Entries(mapping, context.Format))
        {
            string name = JsonView.Key(entry);
            if (!(inAny && name == "@type") && FieldOf(message.Type, name, entry) is { } field)
            {
                DecodeField(message, field, entry, seen);
            }
        }
    }

    /// <summary>
    /// One value that stands where the field's type is expected, merged into what an earlier occurrence of the same field has left; null
    /// when it could not be read.
    /// </summary>
    internal ConfigValue? DecodeValue(FieldDescriptor field, Node node, object? existing = null)
    {
        object? value = field.FieldType != FieldType.Message ? scalars.Read(field, node)
            : WellKnownDecoder.Knows(field.MessageType) ? wellKnown.Read(field, node, existing)
            : Merged(existing as ConfigMessage ?? new(field.MessageType, node), node);
        return value is null ? null : new(value, node);
    }

    private ConfigMessage Merged(ConfigMessage message, Node node)
    {
        DecodeInto(message, node);
        return message;
    }

    private FieldDescriptor? FieldOf(MessageDescriptor type, string name, MappingEntry entry)
    {
        FieldDescriptor? field = type.FindFieldByName(name) ?? type.Fields.InDeclarationOrder().FirstOrDefault(each => each.JsonName == name);
        int since = field is null ? 0 : FieldReleases.Of(field);
        if (field is not null && since <= context.Target.Version.Minor)
        {
            return field;
        }

        (string message, string help) = field is null
            ? ($"'{name}' is not a field of {type.Name}", name == "<<" ? "write the fields out: Envoy does not know merge keys" : Described.Nearest(name, type.Fields.InDeclarationOrder().Select(each => each.Name)))
            : ($"'{name}' exists only since Envoy 1.{since}", $"remove it, or run Envoy 1.{since} or later");
        context.Report(ProblemKind.UnknownField, entry.Key.UseSpan, entry.Value.Pointer, message, help);
        return null;
    }

    /// <param name="message">The message, which an earlier occurrence of its own field may have filled already.</param>
    /// <param name="field">The field.</param>
    /// <param name="entry">The key and the value.</param>
    /// <param name="seen">What this mapping has set: its first value of a field replaces what was there, the next are added to it.</param>
    private void DecodeField(ConfigMessage message, FieldDescriptor field, MappingEntry entry, Dictionary<FieldDescriptor, FieldValues> seen)
    {
        bool isNull = JsonView.IsNull(entry.Value) && field is not { FieldType: FieldType.Message, IsRepeated: false, MessageType.FullName: "google.protobuf.Value" };
        if (isNull)
        {
            return;
        }

        OneofDescriptor? oneof = field.RealContainingOneof;
        if (oneof?.Fields.FirstOrDefault(seen.ContainsKey) is { } other)
        {
            string what = other == field ? $"'{field.Name}' is set twice" : $"'{field.Name}' beside '{other.Name}'";
            context.Report(ProblemKind.WrongType, entry.Key.UseSpan, entry.Value.Pointer, $"{what}: only one of {Described.List(oneof.Fields.Select(each => each.Name))} may be set, once", "keep the one that is meant");
            return;
        }

        FieldValues values = Values(field, entry.Value, seen.GetValueOrDefault(field) ?? new());
        if (values.Count > 0)
        {
            seen[field] = values;
            message.Clear(oneof);
            message.Set(field, entry, values);
        }
    }

    private FieldValues Values(FieldDescriptor field, Node node, FieldValues existing)
    {
        FieldValues values = field.IsRepeated ? existing : new();
        if (field.IsMap)
        {
            DecodeMap(field, node, values);
        }
        else if (field.IsRepeated)
        {
            DecodeItems(field, node, values);
        }
        else if (DecodeValue(field, node, existing is [.., var last] ? last.Value : null) is { } value)
        {
            values.Add(value);
        }

        return values;
    }

    private void DecodeItems(FieldDescriptor field, Node node, List<ConfigValue> values)
    {
        if (node is not SequenceNode sequence)
        {
            AddItem(field, node, values);
            return;
        }

        foreach (Node item in sequence.Items)
        {
            if (item is SequenceNode)
            {
                DecodeItems(field, item, values);
            }
            else
            {
                AddItem(field, item, values);
            }
        }
    }

    /// <summary>Null in a list is an empty item.</summary>
    private void AddItem(FieldDescriptor field, Node item, List<ConfigValue> values)
    {
        if ((JsonView.IsNull(item) ? Default(field, item) : DecodeValue(field, item)) is { } value)
        {
            values.Add(value);
        }
    }

    private void DecodeMap(FieldDescriptor field, Node node, FieldValues values)
    {
        if (node is not MappingNode mapping)
        {
            context.Report(ProblemKind.WrongType, node, $"{Described.Value(node)} where a map should stand", $"write '{field.Name}' as a mapping from names to values");
            return;
        }

        HashSet<string> keys = new(StringComparer.Ordinal);
        FieldDescriptor valueField = field.MessageType.FindFieldByNumber(2);
        foreach (MappingEntry entry in JsonView.Entries(mapping, context.Format))
        {
            if (!keys.Add(JsonView.Key(entry)))
            {
                context.Report(ProblemKind.WrongType, entry.Key.UseSpan, entry.Value.Pointer, $"the key '{entry.Key.Value}' stands twice in a map", "keep one of them");
            }
            else if ((JsonView.IsNull(entry.Value) ? Default(valueField, entry.Value) : DecodeValue(valueField, entry.Value)) is { } value)
            {
                values.Put(JsonView.Key(entry), value with { Key = entry.Key });
            }
        }
    }

    private static ConfigValue Default(FieldDescriptor field, Node node) => new(
        field.FieldType switch
        {
            FieldType.Message when field.MessageType.FullName == "google.protobuf.Any" => new ConfigAny("", null),
            FieldType.Message when WellKnownDecoder.Knows(field.MessageType) => node,
            FieldType.Message => new ConfigMessage(field.MessageType, node),
            _ => ScalarDecoder.Default(field),
        },
        node);

    /// <summary>The values of a field so far; a map's by their keys, of which a later one replaces what an earlier occurrence of the field has left.</summary>
    private sealed class FieldValues : List<ConfigValue>
    {
        private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

        public void Put(string key, ConfigValue value)
        {
            if (places.TryGetValue(key, out int place))
            {
                this[place] = value;
                return;
            }

            places[key] = Count;
            Add(value);
        }
    }
}
