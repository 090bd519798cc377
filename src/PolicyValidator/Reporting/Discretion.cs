using System.Buffers;
using System.Text.RegularExpressions;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>
/// What of a file may appear in reports, which go to logs that many people read. Secrets do not; and of a file that does not look like a
/// policy, which somebody may have put among the policies to read it in the log, nothing does but the place.
/// </summary>
/// <param name="read">All that was read.</param>
internal sealed partial class Discretion(PolicySet read)
{
    /// <summary>What stands in place of a secret in a message.</summary>
    private const string Hidden = "***";

    /// <summary>Shorter values are no secrets, and stand in other words by chance.</summary>
    private const int ShortestSecret = 4;

    /// <summary>A value that is a secret at one place is one wherever it stands, unless it is as short as a word of a mode.</summary>
    private const int ShortestRepeated = 8;

    /// <summary>With more secrets than this all that a message quotes is hidden: no time is spent on looking for each of them.</summary>
    private const int MostSought = 1000;

    private readonly ILookup<SourceText, SourceDocument> documents = read.Documents.Concat(read.Parts).ToLookup(document => document.Source);
    private readonly Dictionary<SourceText, Shown> seen = [];

    /// <summary>A report of a file without what is not to be shown.</summary>
    public FileReport Of(FileReport file) => file.Findings.Count + file.Suppressed.Count == 0 ? file with { Discreetly = words => Of(file.Source, words) } : file with
    {
        Excerpts = ShownOf(file.Source).Excerpts,
        Discreetly = words => Of(file.Source, words),
        Findings = [.. file.Findings.Select(Of)],
        Suppressed = [.. file.Suppressed.Select(each => each with { Finding = Of(each.Finding) })],
    };

    /// <summary>A text as it is shown; null where nothing of it is.</summary>
    public SourceText? Excerpts(SourceText source) => ShownOf(source).Excerpts;

    private string Of(SourceText source, string words)
    {
        Shown shown = ShownOf(source);
        return shown.Without(words, isAboutSecret: shown.Excerpts is null);
    }

    private Finding Of(Finding finding)
    {
        Shown shown = ShownOf(finding.Source);
        // What is said of a template is the same for all.
        if (finding.Rule is EP020NotYamlOrJson && shown.Excerpts is null && !finding.Source.Text.Contains("{{", StringComparison.Ordinal))
        {
            return finding with { Message = "this is neither YAML nor JSON", Help = "see what stands there: it is not shown, because the file may hold what is not for logs" };
        }

        if (shown.HidesNothing && finding.Related.Count == 0)
        {
            return finding;
        }

        bool isAboutSecret = shown.IsSecret(finding.Span.Start);
        return finding with
        {
            Message = shown.Without(finding.Message, isAboutSecret),
            Why = shown.Without(finding.Why, isAboutSecret),
            Help = shown.Without(finding.Help, isAboutSecret),
            Related = [.. finding.Related.Select(place => place with { Message = ShownOf(place.Source).Without(place.Message, ShownOf(place.Source).IsSecret(place.Span.Start)) })],
            Fix = isAboutSecret ? null : finding.Fix,
        };
    }

    private Shown ShownOf(SourceText source)
    {
        if (!seen.TryGetValue(source, out Shown? shown))
        {
            seen[source] = shown = Shown.Of(source, [.. documents[source]]);
        }

        return shown;
    }

    /// <summary>One file's.</summary>
    /// <param name="Source">Its text.</param>
    /// <param name="Excerpts">The text as it is shown, every place where it was; null where nothing of it is shown.</param>
    /// <param name="Secrets">The values that no message may say.</param>
    private sealed record Shown(SourceText Source, SourceText? Excerpts, IReadOnlyList<string> Secrets)
    {
        private readonly SearchValues<string> any = SearchValues.Create([.. Secrets], StringComparison.Ordinal);

        public static Shown Of(SourceText source, IReadOnlyList<SourceDocument> documents)
        {
            if (!SecretValues.MayBeIn(source.Text) && !documents.Any(document => document.HasOtherForm))
            {
                return new(source, IsBroken(documents) && !LooksLikePolicy(source.Text) ? null : source, []);
            }

            ScalarNode[] secrets = [.. documents.SelectMany(SecretValues.In)];
            (int Start, int Length)[] forms = [.. SecretValues.FormsIn(source.Text)];
            HashSet<string> values = [.. secrets.Select(secret => secret.Value.Trim()), .. forms.Select(form => source.Text.Substring(form.Start, form.Length).Trim())];
            IEnumerable<ScalarNode> repeated = documents.Where(document => document.Root is not null).SelectMany(document => NodeTree.All(document.Root!)).OfType<ScalarNode>()
                .Where(scalar => scalar.Value.Length >= ShortestRepeated && values.Contains(scalar.Value.Trim()));
            return new(
                source,
                IsBroken(documents) ? null : Masked(source, [.. secrets.Concat(repeated).Select(secret => (secret.Span.Start, secret.Span.Length)), .. forms]),
                [.. values.Where(value => value.Length >= ShortestSecret).OrderByDescending(value => value.Length)]);
        }

        public bool HidesNothing => Secrets.Count == 0 && Excerpts == Source;

        public bool IsSecret(int at) => Excerpts is { } shown && shown != Source && at < Source.Text.Length && shown.Text[at] != Source.Text[at];

        public string Without(string text, bool isAboutSecret)
        {
            foreach (string secret in Secrets.Count <= MostSought && text.AsSpan().ContainsAny(any) ? Secrets : [])
            {
                text = text.Replace(secret, Hidden, StringComparison.Ordinal);
            }

            // What was cut may end in the middle of quotes.
            return !isAboutSecret && Secrets.Count <= MostSought ? text
                : text.Length > LongText.MostLetters / 2 ? Hidden
                : Quoted().Replace(text, quoted => $"{quoted.Value[0]}{Hidden}{quoted.Value[^1]}");
        }

        /// <summary>An environment, in which zeros stand between the values, may have words of ext_proc in it as well.</summary>
        private static bool LooksLikePolicy(string text) => TypeUrls.IsSpokenOfIn(text) && !text.Contains('\0', StringComparison.Ordinal);

        private static bool IsBroken(IReadOnlyList<SourceDocument> documents) => documents.Any(document => document.Nesting == 0 && document.Problems.Count > 0);

        private static SourceText Masked(SourceText source, IEnumerable<(int Start, int Length)> places)
        {
            char[] text = source.Text.ToCharArray();
            foreach ((int start, int length) in places)
            {
                foreach (ref char letter in text.AsSpan(start, length))
                {
                    letter = char.IsWhiteSpace(letter) ? letter : '*';
                }
            }

            return new(source.Name, new(text));
        }
    }

    [GeneratedRegex("\"[^\"]*\"|'[^']*'")]
    private static partial Regex Quoted();
}
