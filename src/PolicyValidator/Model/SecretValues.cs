using System.Text.RegularExpressions;
using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>The values in a text that must not be shown: the data of Secrets, values under names such as password, key or token, and what has the form of one.</summary>
internal static partial class SecretValues
{
    /// <summary>Header lines that carry a secret, beside those that are called like one.</summary>
    private static readonly HashSet<string> SecretHeaders = new(StringComparer.OrdinalIgnoreCase) { "proxy-authorization", "auth", "x-auth", "x-amz-signature" };

    /// <summary>Fields that name a header line or a variable, whose value stands beside them.</summary>
    private static readonly HashSet<string> NamesOfHeaders = new(StringComparer.Ordinal) { "key", "name", "header", "headerName", "header_name" };

    /// <summary>The secret values of a document.</summary>
    public static IEnumerable<ScalarNode> In(SourceDocument document) => document.Root is { } root
        ? NodeTree.All(root).SelectMany(SecretsOf)
        : [];

    /// <summary>Whether secrets may stand in a text, whose names can be written with escapes too.</summary>
    public static bool MayBeIn(string text) =>
        SecretInText().IsMatch(text) || FormOfSecret().IsMatch(text) || text.Contains("\\u", StringComparison.Ordinal) || text.Contains("\\x", StringComparison.Ordinal);

    /// <summary>Where a text, including its comments and blocks, has something with the form of a secret.</summary>
    public static IEnumerable<(int Start, int Length)> FormsIn(string text) => FormOfSecret().Matches(text).Select(match => match.Groups["secret"]).Select(group => (group.Index, group.Length));

    private static IEnumerable<ScalarNode> SecretsOf(Node node) => node switch
    {
        MappingNode mapping => SecretsOf(mapping).SelectMany(NodeTree.All).OfType<ScalarNode>(),
        // Of a block, which can be a whole file, only the words are.
        ScalarNode { Style: not (ScalarStyle.Literal or ScalarStyle.Folded) } scalar when FormOfSecret().IsMatch(scalar.Value) => [scalar],
        _ => [],
    };

    private static IEnumerable<Node> SecretsOf(MappingNode mapping)
    {
        bool isSecret = IsText(mapping["kind"], "Secret");
        bool isHeader = mapping.Entries.Any(entry => NamesOfHeaders.Contains(entry.Key.Value) && entry.Value is ScalarNode { Value: var name } && (SecretHeaders.Contains(name) || SecretName().IsMatch(name)));
        return mapping.Entries
            .Where(entry => isSecret ? entry.Key.Value is "data" or "stringData" : SecretName().IsMatch(entry.Key.Value) || (isHeader && ValueOfHeader().IsMatch(entry.Key.Value)))
            .Select(entry => entry.Value)
            // What somebody applied last, which kubectl keeps in an annotation, is the Secret once more.
            .Concat(isSecret && mapping["metadata"] is MappingNode metadata && metadata["annotations"] is { } annotations ? [annotations] : []);
    }

    private static bool IsText(Node? node, string text) => node is ScalarNode scalar && scalar.Value == text;

    private const string Names = "(pass(word|wd|phrase)s?|pwd|tokens?|secrets?|(api|private|access|secret|signing|encryption|shared|session|auth|client|license|hmac|tls|ssh)[-_.]?keys?|credentials?|authorization|cookie|jwt|dockerconfigjson|dockercfg|htpasswd|inline[-_]?(string|bytes))";

    [GeneratedRegex(Names + "$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    [GeneratedRegex("(value|values|match|exact|prefix|suffix|contains|regex)$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ValueOfHeader();

    [GeneratedRegex(Names + """["']?\s*:|:\s*["']?([a-z-]*auth|authorization|[a-z-]*cookie|x-amz-signature|[a-z0-9_-]*(token|key|pwd|passw(or)?d|secrets?))\b""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretInText();

    /// <summary>
    /// The password of a URL; a private key; what follows <c>Bearer</c>, or <c>token=</c> and its like on a command line or in a comment; the
    /// tokens that are known by how they begin. Nothing in it looks twice at a letter, whatever the text.
    /// </summary>
    [GeneratedRegex(
        """
        ://[^\s/@:"']*:(?<secret>[^\s/@"']+)@
        | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----(?<secret>.*?)(-----END|\z)
        | \b(Bearer|Basic)\ +(?<secret>[A-Za-z0-9+/=._~-]{8,})
        | (?<![A-Za-z0-9_.-])(?<secret>(?-i:eyJ[A-Za-z0-9_-]{8,}\.|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|AIza|sk-|hvs\.)[A-Za-z0-9_.-]{12,})
        |
        """ + Names + """[ \t]*(=|:(?<=\#[^\n]{0,200}))[ \t]*(?<secret>[^\s"',;&{}\[\]*]{4,})""",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex FormOfSecret();
}
