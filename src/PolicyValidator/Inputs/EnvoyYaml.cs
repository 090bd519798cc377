using PolicyValidator.Inputs.YamlCpp;

namespace PolicyValidator.Inputs;

/// <summary>Reads the documents of a YAML text as Envoy does, whose reader is yaml-cpp.</summary>
internal static class EnvoyYaml
{
    /// <summary>Reads all documents, though Envoy reads one; the one that does not parse is the last.</summary>
    /// <param name="source">The text.</param>
    /// <param name="release">The release of the reader.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static IReadOnlyList<SourceDocument> Read(SourceText source, YamlCppRelease release, CancellationToken cancellation = default)
    {
        List<SourceDocument> documents = [];
        Parser parser = new(new Scanner(source.Text, release), cancellation);
        try
        {
            while (parser.HasMore())
            {
                Node root = parser.Document();
                documents.Add(new(source, SourceFormat.Yaml, documents.Count, IsAbsent(root) ? null : root, []) { Leftover = parser.Leftover });
            }
        }
        catch (SyntaxException broken)
        {
            documents.Add(new(source, SourceFormat.Yaml, documents.Count, null, [broken.Problem]));
        }

        return documents;
    }

    private static bool IsAbsent(Node root) => root is ScalarNode { Span.Length: 0, Style: ScalarStyle.Plain };
}
