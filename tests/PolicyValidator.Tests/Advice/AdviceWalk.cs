using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Advice;

/// <summary>Obeys every help of a text, and every help of what comes of that, until nothing is left to obey.</summary>
internal sealed class AdviceWalk(Target target)
{
    private readonly HashSet<string> walked = [];

    /// <summary>One way that failed for each kind of failure, with the texts on it.</summary>
    public SortedDictionary<string, string> Failures { get; } = new(StringComparer.Ordinal);

    /// <summary>Walks all ways that start at a text.</summary>
    public void From(AdvisedText text) => From(text, Lint(text), []);

    private void From(AdvisedText text, IReadOnlyList<Finding> findings, IReadOnlyList<string> way)
    {
        if (!walked.Add(text.ToString()))
        {
            return;
        }

        foreach (Finding finding in findings)
        {
            foreach ((string words, AdvisedText after) in HelpWords.Obey(text, finding))
            {
                IReadOnlyList<string> further = [.. way, text.ToString(), $"{finding.Rule.Id} at {finding.Pointer}: {words}"];
                IReadOnlyList<Finding> left = Lint(after);
                Judge(finding, findings, left, [.. further, after.ToString()]);
                From(after, left, further);
            }
        }
    }

    private void Judge(Finding obeyed, IReadOnlyList<Finding> before, IReadOnlyList<Finding> after, IReadOnlyList<string> way)
    {
        // What is wrong with a value can be wrong for another reason afterwards.
        HashSet<string> had = [.. before.Select(Place)];
        if (after.Any(each => Name(each) == Name(obeyed)))
        {
            Failures.TryAdd($"{obeyed.Rule.Id} stays", $"{obeyed.Rule.Id} stays:\n{string.Join('\n', way)}");
        }

        foreach (Finding added in after.Where(each => each.Severity != Severity.Hint && !had.Contains(Place(each))))
        {
            Failures.TryAdd($"{obeyed.Rule.Id} {way[^2]} brings {added.Rule.Id}", $"{obeyed.Rule.Id} brings {added.Rule.Id}:\n{string.Join('\n', way)}");
        }

        if (way.SkipLast(1).Contains(way[^1]))
        {
            Failures.TryAdd($"{obeyed.Rule.Id} ends a circle", $"{obeyed.Rule.Id} ends a circle:\n{string.Join('\n', way)}");
        }
    }

    private static string Name(Finding finding) => $"{finding.Rule.Id} {Place(finding)}";

    private static string Place(Finding finding) => $"{finding.Document?.Index} {finding.Pointer}";

    private IReadOnlyList<Finding> Lint(AdvisedText text) => Linter.Lint([text.Source], target, new LintOptions()).Findings;
}
