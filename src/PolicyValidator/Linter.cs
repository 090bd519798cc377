using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Readers;
using PolicyValidator.Rules;

namespace PolicyValidator;

/// <summary>Texts in, findings out. Does no I/O, reads no clock, keeps no state.</summary>
public static class Linter
{
    /// <summary>Lints the texts together: rules that look across files see all of them.</summary>
    public static LintResult Lint(IEnumerable<SourceText> sources, Target target, LintOptions options)
    {
        SourceText[] texts = [.. sources];
        PolicySet policies = PolicyReader.Read(texts, target);
        RuleContext context = new(policies, target);
        Finding[] findings =
        [
            .. options.Rules
                .Where(rule => rule.Versions.Contains(target.Version))
                .SelectMany(rule => rule.Check(context))
                .Select(Restated)
                .OfType<Finding>()
                .Select(WithParts)
                .OrderBy(finding => Array.IndexOf(texts, finding.Source))
                .ThenBy(finding => finding.Span.Start)
                .ThenBy(finding => finding.Rule.Id, StringComparer.Ordinal),
        ];
        return new(texts, findings, policies);
    }

    /// <summary>A finding about what a product makes of the user's text, in the user's words; null where the user cannot help it.</summary>
    private static Finding? Restated(Finding finding) => finding.Document?.Translation switch
    {
        null => finding.Document?.HasOtherForm == true ? finding with { Fix = null } : finding,
        { Help: var help, Product: var product } when help.TryGetValue(finding.Rule.Id, out string? words) =>
            words is null ? null : finding with { Message = $"{finding.Message}, as {product} makes it", Help = words, Fix = null },
        { Product: var product } => finding with { Message = $"{finding.Message}, as {product} makes it", Fix = null },
    };

    /// <summary>A finding about what was put together out of several documents names the places of all.</summary>
    private static Finding WithParts(Finding finding) => finding.Document?.Translation is { Parts: { Count: > 0 } parts }
        ? finding with { Related = [.. finding.Related, .. parts.Select(part => RelatedPlace.At(part.Document, part.Node, part.Words))] }
        : finding;
}

/// <summary>What a caller may choose.</summary>
public sealed record LintOptions
{
    /// <summary>The rules to run; all of the catalog by default.</summary>
    public IReadOnlyList<Rule> Rules { get; init; } = RuleCatalog.All;
}

/// <summary>What came of a lint.</summary>
/// <param name="Sources">The texts, in the order given.</param>
/// <param name="Findings">Sorted by text, place and rule id.</param>
/// <param name="Policies">What was read.</param>
public sealed record LintResult(IReadOnlyList<SourceText> Sources, IReadOnlyList<Finding> Findings, PolicySet Policies);
