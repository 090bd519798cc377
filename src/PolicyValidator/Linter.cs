using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Readers;
using PolicyValidator.Rules;
using PolicyValidator.Suppressions;

namespace PolicyValidator;

/// <summary>Texts in, findings out. Does no I/O, reads no clock, keeps no state.</summary>
public static class Linter
{
    /// <summary>Lints the texts together: rules that look across files see all of them.</summary>
    /// <exception cref="OperationCanceledException">The result is no longer wanted, see <see cref="LintOptions.Cancellation"/>.</exception>
    public static LintResult Lint(IEnumerable<SourceText> sources, Target target, LintOptions options)
    {
        SourceText[] texts = [.. sources];
        PolicySet policies = PolicyReader.Read(texts, target, options.Cancellation);
        RuleContext context = new(policies, target);
        Rule[] rules = [.. options.Rules.Where(rule => rule.Versions.Contains(target.Version)).OrderBy(rule => rule.SpeaksOfRun)];
        ILookup<bool, Finding> found = rules
            .SelectMany(rule => rule.Check(context))
            .Cancellable(options.Cancellation)
            .Select(new Restatement().Of)
            .OfType<Finding>()
            .Select(finding => target.IsNewer && finding.IsAboutNames ? OfNewerRelease(finding, target) : finding)
            .Select(finding => options.Severities.TryGetValue(finding.Rule, out Severity severity) ? finding with { Severity = severity } : finding)
            .ToLookup(finding => options.Ignored(finding) is not null);
        (IEnumerable<Finding> remaining, IEnumerable<SuppressedFinding> byComment) = CommentSuppression.Apply([.. found[false]], policies.SuppressionComments, rules);
        IEnumerable<SuppressedFinding> byPath = found[true].Select(finding => new SuppressedFinding(finding, SuppressionSource.Configuration, options.Ignored(finding)!));
        return new(texts, [.. InOrder(remaining, texts, finding => finding)], policies)
        {
            Suppressed = [.. InOrder(byComment.Concat(byPath), texts, each => each.Finding)],
        };
    }

    /// <summary>What the newest release that is known does not have, the one that is asked about may.</summary>
    private static Finding OfNewerRelease(Finding finding, Target target) => finding with
    {
        Severity = Severity.Hint,
        Why = $"{target.Text} is newer than the releases that are known here and may have this name; the newest that is known refuses it.",
    };

    /// <summary>By text, place and rule.</summary>
    private static IEnumerable<T> InOrder<T>(IEnumerable<T> all, SourceText[] texts, Func<T, Finding> finding)
    {
        Dictionary<SourceText, int> places = texts.Index().DistinctBy(text => text.Item).ToDictionary(text => text.Item, text => text.Index);
        return all
            .OrderBy(each => places[finding(each).Source])
            .ThenBy(each => finding(each).Span.Start)
            .ThenBy(each => finding(each).Rule.Id, StringComparer.Ordinal);
    }
}

/// <summary>What a caller may choose.</summary>
public sealed record LintOptions
{
    /// <summary>The rules to run; all of the catalog by default.</summary>
    public IReadOnlyList<Rule> Rules { get; init; } = RuleCatalog.All;

    /// <summary>Severities other than the rules' own.</summary>
    public IReadOnlyDictionary<Rule, Severity> Severities { get; init; } = new Dictionary<Rule, Severity>();

    /// <summary>Says why a finding is not to be reported; null for one that is.</summary>
    public Func<Finding, string?> Ignored { get; init; } = _ => null;

    /// <summary>Ends the work wherever it is: readers ask at every value, rules at every thing that they look at.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>What came of a lint.</summary>
/// <param name="Sources">The texts, in the order given.</param>
/// <param name="Findings">Sorted by text, place and rule id.</param>
/// <param name="Policies">What was read.</param>
public sealed record LintResult(IReadOnlyList<SourceText> Sources, IReadOnlyList<Finding> Findings, PolicySet Policies)
{
    /// <summary>What was found and is not to be reported, in the same order.</summary>
    public IReadOnlyList<SuppressedFinding> Suppressed { get; init; } = [];
}
