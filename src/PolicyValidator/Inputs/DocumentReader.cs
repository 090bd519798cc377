namespace PolicyValidator.Inputs;

/// <summary>Tells YAML from JSON and reads the documents of a text.</summary>
internal static class DocumentReader
{
    /// <summary>Reads by the name's ending, as Envoy does; without one, text that begins like JSON is JSON.</summary>
    public static IReadOnlyList<SourceDocument> Read(SourceText source) =>
        IsJson(source) ? [JsonDocument.Read(source)] : YamlDocuments.Read(source);

    private static bool IsJson(SourceText source) => Path.GetExtension(source.Name) switch
    {
        ".json" => true,
        ".yaml" or ".yml" => false,
        _ => source.Text.AsSpan().TrimStart() is ['{' or '[', ..],
    };
}
