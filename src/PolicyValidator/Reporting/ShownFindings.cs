using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>The findings of a file that are shown: one mistake in a generated file can be there a hundred thousand times.</summary>
/// <param name="Findings">The first of each rule, in the order of the file.</param>
/// <param name="Left">How many more there are of a rule, for the rules of which not all are shown.</param>
internal sealed record ShownFindings(IReadOnlyList<Finding> Findings, IReadOnlyList<(Rule Rule, int Count)> Left)
{
    /// <summary>Those of a file.</summary>
    public static ShownFindings Of(FileReport file, LintReport report)
    {
        Dictionary<Rule, int> seen = [];
        Finding[] shown = [.. file.Findings.Where(finding => (seen[finding.Rule] = seen.GetValueOrDefault(finding.Rule) + 1) <= report.MaxFindings)];
        return new(shown, [.. seen.Where(each => each.Value > report.MaxFindings).Select(each => (each.Key, each.Value - report.MaxFindings))]);
    }

    /// <summary>The sentence about those that are not shown.</summary>
    public IEnumerable<string> Notes => Left.Select(each => $"{each.Count} more of {each.Rule.Id} {each.Rule.Name} in this file; --max-findings shows more, --format json all");
}
