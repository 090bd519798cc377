namespace PolicyValidator.Kubernetes;

/// <summary>What to write where a string has not the form that the schema asks for.</summary>
internal static class FormAdvice
{
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
            _ when pattern.Contains("KMGTPE", StringComparison.Ordinal) => "write a quantity such as 32Ki or 10M",
            _ => $"write what matches {pattern.Replace(@"\z", "$", StringComparison.Ordinal)}",
        };
    }
}
