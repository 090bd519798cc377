using System.Text.RegularExpressions;
using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>The values in a text that are nobody's to see: the data of Secrets, and what stands under the names of passwords, keys and tokens.</summary>
internal static partial class SecretValues
{
    /// <summary>Header lines that carry a secret.</summary>
    private static readonly HashSet<string> SecretHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token", "x-amz-security-token", "x-goog-api-key", "x-vault-token", "private-token",
    };

    /// <summary>Fields that name a header line, whose value stands beside them.</summary>
    private static readonly HashSet<string> NamesOfHeaders = new(StringComparer.Ordinal) { "key", "name", "header", "headerName", "header_name" };

    /// <summary>The secret values of a document.</summary>
    public static IEnumerable<ScalarNode> In(SourceDocument document) => document.Root is { } root
        ? NodeTree.All(root).OfType<MappingNode>().SelectMany(SecretsOf).SelectMany(NodeTree.All).OfType<ScalarNode>()
        : [];

    /// <summary>Whether secrets may stand in a text that cannot be read.</summary>
    public static bool MayBeIn(string text) => SecretInText().IsMatch(text);

    private static IEnumerable<Node> SecretsOf(MappingNode mapping)
    {
        bool isSecret = IsText(mapping["kind"], "Secret");
        bool isHeader = mapping.Entries.Any(entry => NamesOfHeaders.Contains(entry.Key.Value) && entry.Value is ScalarNode { Value: var name } && SecretHeaders.Contains(name));
        return mapping.Entries
            .Where(entry => isSecret ? entry.Key.Value is "data" or "stringData" : SecretName().IsMatch(entry.Key.Value) || (isHeader && !NamesOfHeaders.Contains(entry.Key.Value)))
            .Select(entry => entry.Value)
            // What somebody applied last, which kubectl keeps in an annotation, is the Secret once more.
            .Concat(isSecret && mapping["metadata"] is MappingNode metadata && metadata["annotations"] is { } annotations ? [annotations] : []);
    }

    private static bool IsText(Node? node, string text) => node is ScalarNode scalar && scalar.Value == text;

    private const string Names = "(pass(word|wd|phrase)|token|secret|api[-_]?key|private[-_]?key|access[-_]?key|credentials?|authorization|cookie|inline[-_]?(string|bytes))";

    [GeneratedRegex(Names + "$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    [GeneratedRegex(Names + """["']?\s*:|:\s*["']?(authorization|secret|set-cookie|cookie|[a-z-]*token)\b""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretInText();
}
