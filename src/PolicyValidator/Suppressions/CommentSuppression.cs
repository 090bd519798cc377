using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Suppressions;

/// <summary>Takes out the findings that a comment suppresses, and reports the comments that suppress nothing.</summary>
internal static class CommentSuppression
{
    /// <summary>Rules about comments: a comment cannot hide that it is wrong.</summary>
    private static readonly string[] AboutComments = ["EP191", "EP192", "EP193"];

    /// <summary>Splits findings.</summary>
    /// <param name="findings">What the rules found.</param>
    /// <param name="comments">The comments of all texts.</param>
    /// <param name="rules">The rules that were run: a comment about another may still be needed.</param>
    public static (IEnumerable<Finding> Remaining, IEnumerable<SuppressedFinding> Suppressed) Apply(
        IReadOnlyList<Finding> findings, IReadOnlyList<SuppressionComment> comments, IReadOnlyList<Rule> rules)
    {
        if (comments.Count == 0)
        {
            return (findings, []);
        }

        Dictionary<(SourceText Source, int Line, Rule Rule), SuppressionComment> working = [];
        foreach (SuppressionComment comment in comments.Where(comment => comment.Works))
        {
            foreach (Rule rule in comment.Rules.Select(RuleWords.One).OfType<Rule>())
            {
                working.TryAdd((comment.Source, comment.Line, rule), comment);
            }
        }

        List<Finding> remaining = [];
        List<SuppressedFinding> suppressed = [];
        HashSet<(SuppressionComment Comment, Rule Rule)> used = [];
        foreach (Finding finding in findings)
        {
            if (Covering(working, finding) is not { } comment)
            {
                remaining.Add(finding);
                continue;
            }

            used.Add((comment, finding.Rule));
            suppressed.Add(new(finding, SuppressionSource.Comment, comment.Reason));
        }

        return (remaining.Concat(Unused(comments, rules, used)), suppressed);
    }

    private static SuppressionComment? Covering(Dictionary<(SourceText Source, int Line, Rule Rule), SuppressionComment> comments, Finding finding) => AboutComments.Contains(finding.Rule.Id)
        ? null
        : comments.GetValueOrDefault((finding.Source, finding.Source.LineAt(finding.Span.Start), finding.Rule))
            ?? comments.GetValueOrDefault((finding.Source, SuppressionComment.WholeFile, finding.Rule));

    private static IEnumerable<Finding> Unused(IReadOnlyList<SuppressionComment> comments, IReadOnlyList<Rule> rules, HashSet<(SuppressionComment Comment, Rule Rule)> used) =>
        from reporter in rules.OfType<EP191UnusedSuppression>()
        let run = rules.ToHashSet()
        from comment in comments
        where comment.Works
        from rule in comment.Rules.Select(RuleWords.One).OfType<Rule>().Distinct()
        where run.Contains(rule) && !used.Contains((comment, rule))
        select reporter.About(comment, rule);
}
