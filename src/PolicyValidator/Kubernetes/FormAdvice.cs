using PolicyValidator.Decoding;

namespace PolicyValidator.Kubernetes;

/// <summary>What to write where a string has not the form that the schema asks for.</summary>
internal static class FormAdvice
{
    /// <summary>Where a value is of another type; a text where a mapping with one text in it belongs is shown in its place.</summary>
    public static string OfType(KubernetesValue value, CrdSchema schema, string type) => (value.Kind, schema.Type) switch
    {
        (JsonKind.String, "object") when schema.Fields.Values.Where(field => field.Type == "string").ToArray() is [var only] =>
            $"write {only.Path[(only.Path.LastIndexOf('.') + 1)..]}: '{Described.Short(value.Text).Replace("'", "''", StringComparison.Ordinal)}' in its place"
                + (only.UnsurePatterns.All(pattern => pattern.IsMatch(value.Text)) ? "" : $"; {OfUnsure(only)}"),
        (_, "object") when schema.Fields.Count > 0 => $"write {type} with {string.Join(", ", schema.Fields.Keys)}",
        (_, "string") when schema.Patterns.Count > 0 => Of(schema),
        (_, "string") when schema.Values.Count > 0 => $"write one of {string.Join(", ", schema.Values)}",
        _ => $"write {type}",
    };

    /// <summary>Where the sources do not agree about a form.</summary>
    public static string OfUnsure(CrdSchema schema) => schema.Path.EndsWith(".celMatcher", StringComparison.Ordinal)
        ? "use the attributes, operators and functions of the CEL matcher language; 1 == 1 matches everything"
        : Of(schema);

    /// <summary>By the field, or by its pattern.</summary>
    public static string Of(CrdSchema schema)
    {
        string path = schema.Path, pattern = schema.Patterns.Count > 0 ? schema.Patterns[^1].ToString() : "";
        return (path, schema.Format) switch
        {
            (_, "duration") => "write a duration such as 200ms, 5s or 1h30m",
            (_, "byte") => "write it in base64",
            _ when pattern.Contains("(h|m|s|ms)", StringComparison.Ordinal) => "write a duration of up to four parts, each up to five digits and h, m, s or ms: 200ms, 5s, 1h30m",
            _ when path.EndsWith(".attributes[]", StringComparison.Ordinal) =>
                "use attributes of connection, source, destination, request, response, upstream or xds.route_, in lower case letters, underscores and the digits 1 to 9",
            _ when pattern.Contains(")?s", StringComparison.Ordinal) => "write a number of seconds with an s behind it: 0.5s, 10s",
            _ when path.EndsWith(".name", StringComparison.Ordinal) => "use lower case letters, digits and '-', at most 63, with a letter in front and no '-' at the end",
            _ when pattern.Contains("KMGTPE", StringComparison.Ordinal) => "write a quantity such as 32Ki or 10M",
            _ => $"write what matches {pattern.Replace(@"\z", "$", StringComparison.Ordinal)}",
        };
    }
}
