using System.Collections;
using System.Diagnostics.CodeAnalysis;
using ExtProc.Configuration.Reading;

namespace ExtProc.Configuration.Binding;

/// <summary>Reads a type that the binder does not know itself; false with a problem added when it cannot.</summary>
internal delegate bool ConfigTypeReader(ConfigBinder binder, ConfigNode node, string path, [NotNullWhen(true)] out object? value);

/// <summary>
/// Nodes to records, by <see cref="ConfigShape"/>. One binder for the server's own settings and for processors' options; it goes on
/// after a mistake, so that all are found. Ranges and annotations are <see cref="ConfigValidation"/>'s business.
/// </summary>
internal sealed class ConfigBinder(ConfigProblems problems, ConfigMarks marks, IReadOnlyDictionary<Type, ConfigTypeReader>? readers = null)
{
    public ConfigProblems Problems => problems;

    public ConfigMarks Marks => marks;

    /// <summary>Makes a record from keys and values; keys listed in <paramref name="except"/> are somebody else's.</summary>
    /// <returns>False when something required is missing; other mistakes leave a default in place, and a problem.</returns>
    public bool TryBindRecord(ConfigNode node, Type type, string path, [NotNullWhen(true)] out object? value, params ReadOnlySpan<string> except)
    {
        var shape = ConfigShape.Of(type);
        value = null;
        Dictionary<ConfigMember, object?> values = [];
        HashSet<ConfigMember> seen = [];
        if (node is ConfigScalar { IsNull: false } single && shape.ShortForm is { } only)
        {
            node = new ConfigMap(node.At, [new(new(node.At, only.Key), single)]);
        }

        if (!TryEntries(node, path, "keys and values", out var entries))
        {
            return false;
        }

        foreach (var (key, given) in entries)
        {
            string folded = ConfigKey.Fold(key.Text);
            if (except.Contains(folded))
            {
                continue;
            }

            if (shape.Members.FirstOrDefault(member => ConfigKey.Fold(member.Key) == folded) is not { } member)
            {
                problems.Error(key.At, $"{In(path)}the key \"{key.Shown}\" is not known; {NearName.Advice(key.Text, shape.Keys)}");
            }
            else if (!seen.Add(member))
            {
                problems.Error(key.At, $"{In(path)}\"{key.Shown}\" stands here a second time under another spelling of {member.Key}; keep one");
            }
            else if (TryBindMember(given, member, Join(path, member.Key), out object? bound))
            {
                values[member] = bound;
            }
        }

        return TryCreate(shape, node, path, seen, values, out value);
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string In(string path) => path.Length == 0 ? "" : $"{path}: ";

    private bool TryCreate(
        ConfigShape shape, ConfigNode node, string path, HashSet<ConfigMember> seen, Dictionary<ConfigMember, object?> values, [NotNullWhen(true)] out object? value)
    {
        value = null;
        foreach (var missing in shape.Members.Where(member => member.IsRequired && !seen.Contains(member)))
        {
            problems.Error(node.At, $"{In(path)}\"{missing.Key}\" is missing; it has no default");
        }

        if (shape.Members.Any(member => member.IsRequired && !values.ContainsKey(member)))
        {
            return false;
        }

        try
        {
            value = shape.Create(values);
            return true;
        }
        catch (ArgumentException refused)
        {
            // The record's own constructor said no.
            problems.Error(node.At, $"{In(path)}{refused.Message}");
            return false;
        }
    }

    private bool TryBindMember(ConfigNode node, ConfigMember member, string path, out object? value)
    {
        marks.Add(path, node.At);
        if (node is ConfigScalar { IsNull: true } && member.AllowsNull)
        {
            value = null;
            return true;
        }

        return TryBind(node, member.Type, path, member.IsSize, out value);
    }

    private bool TryBind(ConfigNode node, Type type, string path, bool isSize, [NotNullWhen(true)] out object? value)
    {
        if (readers is not null && readers.TryGetValue(type, out var reader))
        {
            return reader(this, node, path, out value);
        }

        return ScalarTypes.Knows(type) ? TryScalar(node, type, path, isSize, out value)
            : CollectionTypes.IsMap(type, out var valueType) ? TryMap(node, valueType, path, out value)
            : CollectionTypes.IsList(type, out var itemType) ? TryList(node, type, itemType, path, out value)
            : TryBindRecord(node, type, path, out value);
    }

    private bool TryScalar(ConfigNode node, Type type, string path, bool isSize, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (node is not ConfigScalar scalar || scalar.IsNull)
        {
            string wanted = type.IsEnum ? $"one of {string.Join(", ", EnumNames.All(type))}" : $"a value ({ScalarTypes.NameOf(type, isSize).Replace("\\|", "or", StringComparison.Ordinal)})";
            problems.Error(node.At, $"{In(path)}{node.Kind} stands where {wanted} is wanted");
            return false;
        }

        try
        {
            value = ScalarTypes.Parse(scalar.Text, type, isSize);
            return true;
        }
        catch (FormatException wrong)
        {
            problems.Error(node.At, $"{In(path)}{wrong.Message}");
            return false;
        }
    }

    private bool TryMap(ConfigNode node, Type valueType, string path, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (!TryEntries(node, path, "keys and values", out var entries))
        {
            return false;
        }

        var map = CollectionTypes.NewMap(valueType);
        foreach (var (key, given) in entries)
        {
            string inner = Join(path, key.Text);
            marks.Add(inner, given.At);
            if (TryBind(given, valueType, inner, isSize: false, out object? bound))
            {
                map[key.Text] = bound;
            }
        }

        value = map;
        return true;
    }

    private bool TryList(ConfigNode node, Type type, Type itemType, string path, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (!TryItems(node, path, out var items))
        {
            return false;
        }

        IList list = CollectionTypes.NewList(itemType);
        for (int at = 0; at < items.Count; at++)
        {
            string inner = $"{path}[{at}]";
            marks.Add(inner, items[at].At);
            if (TryBind(items[at], itemType, inner, isSize: false, out object? bound))
            {
                list.Add(bound);
            }
        }

        if (list.Count < items.Count)
        {
            return false;
        }

        value = CollectionTypes.AsArrayWhereWanted(list, type, itemType);
        return true;
    }

    /// <summary>The items of a list; nothing written is an empty one.</summary>
    public bool TryItems(ConfigNode node, string path, out IReadOnlyList<ConfigNode> items)
    {
        items = node is ConfigList list ? list.Items : [];
        return node is ConfigList or ConfigScalar { IsNull: true } || Refuse(node, path, "a list (lines that begin with \"- \")");
    }

    private bool TryEntries(ConfigNode node, string path, string wanted, out IReadOnlyList<ConfigEntry> entries)
    {
        entries = node is ConfigMap map ? map.Entries : [];
        return node is ConfigMap or ConfigScalar { IsNull: true } || Refuse(node, path, wanted);
    }

    private bool Refuse(ConfigNode node, string path, string wanted)
    {
        problems.Error(node.At, $"{In(path)}{node.Kind} stands where {wanted} {(wanted[0] == 'a' ? "is" : "are")} wanted");
        return false;
    }
}
