using System.Globalization;
using PolicyValidator.Inputs;

namespace PolicyValidator.Decoding;

/// <summary>What a value is to Envoy's JSON reader, through which YAML goes too.</summary>
internal enum JsonKind
{
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
}

/// <summary>Looks at nodes as JSON: for YAML, after Envoy's converter (<c>ValueUtil::loadFromYaml</c>) with yaml-cpp's idea of scalars.</summary>
internal static class JsonView
{
    private static readonly string[] Trues = ["y", "yes", "true", "on"];
    private static readonly string[] Falses = ["n", "no", "false", "off"];

    /// <summary>The kind of a value, with the text of a string or number.</summary>
    public static (JsonKind Kind, string Text) Of(Node node) => node switch
    {
        MappingNode => (JsonKind.Object, ""),
        SequenceNode => (JsonKind.Array, ""),
        ScalarNode { Style: ScalarStyle.JsonNumber } number => (JsonKind.Number, number.Value),
        ScalarNode { Style: ScalarStyle.JsonLiteral } literal => (Literal(literal.Value), ""),
        ScalarNode { IsOfKubernetes: true } scalar => KubernetesScalar.Of(scalar),
        ScalarNode scalar => YamlScalar(scalar),
        _ => throw new ArgumentException($"{node.GetType()} is no kind of node", nameof(node)),
    };

    /// <summary>Whether the value is null.</summary>
    public static bool IsNull(Node node) => Of(node).Kind == JsonKind.Null;

    /// <summary>The entries as Envoy sees them: in YAML the last of a repeated key, and none whose key is tagged <c>!ignore</c>.</summary>
    public static IEnumerable<MappingEntry> Entries(MappingNode mapping, SourceFormat format) => format == SourceFormat.Json
        ? mapping.Entries
        : mapping.Entries.Where(entry => entry.Key.Tag != "!ignore").GroupBy(Key, StringComparer.Ordinal).Select(same => same.Last());

    /// <summary>A key's text; yaml-cpp reads a null key as the word.</summary>
    public static string Key(MappingEntry entry) => Key(entry.Key);

    /// <summary>The same of a key alone.</summary>
    public static string Key(ScalarNode key) => key switch
    {
        { IsOfKubernetes: true } => KubernetesScalar.Key(key),
        { Style: ScalarStyle.Plain, Tag: null, Value: "" or "~" } => "null",
        _ => key.Value,
    };

    private static JsonKind Literal(string word) => word switch
    {
        "true" => JsonKind.True,
        "false" => JsonKind.False,
        _ => JsonKind.Null,
    };

    private static (JsonKind Kind, string Text) YamlScalar(ScalarNode scalar)
    {
        bool isString = scalar.Tag == "!" || (scalar.Tag is null && scalar.IsQuoted);
        bool isNull = scalar is { Tag: null, IsQuoted: false, Value: "" or "~" or "null" or "Null" or "NULL" };
        return (isString, isNull) switch
        {
            (true, _) => (JsonKind.String, scalar.Value),
            (_, true) => (JsonKind.Null, ""),
            _ => Converted(scalar.Value),
        };
    }

    private static (JsonKind Kind, string Text) Converted(string text)
    {
        if (IsFlexibleCase(text) && text.Length <= 5)
        {
            string lower = text.ToLowerInvariant();
            if (Trues.Contains(lower))
            {
                return (JsonKind.True, "");
            }

            if (Falses.Contains(lower))
            {
                return (JsonKind.False, "");
            }
        }

        // Small integers become numbers; others strings of decimal digits, which integer fields take as well.
        return NumberText.StreamInteger(text.TrimEnd(' ', '\t', '\n', '\v', '\f', '\r')) is { } integer
            ? (integer is >= int.MinValue and <= int.MaxValue ? JsonKind.Number : JsonKind.String, integer.ToString(CultureInfo.InvariantCulture))
            : (JsonKind.String, text);
    }

    /// <summary>All lower case, all upper case, or only the first letter in upper case.</summary>
    private static bool IsFlexibleCase(string text) =>
        text.Length > 0 && text.All(char.IsAsciiLetter)
        && (text[1..].All(char.IsAsciiLetterLower) || text.All(char.IsAsciiLetterUpper));
}
