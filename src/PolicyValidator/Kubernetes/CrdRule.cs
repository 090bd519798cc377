using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Kubernetes;

/// <summary>A rule that a resource's definition has beside its schema, about values that must go together.</summary>
/// <param name="Path">What it is asked of: <c>.spec.extProc[]</c>.</param>
/// <param name="Since">The first release that has it; null for the oldest.</param>
/// <param name="Until">The last release that has it; null for the newest.</param>
/// <param name="Check">What is wrong with a value; null when nothing is.</param>
internal sealed record CrdRule(string Path, string? Since, string? Until, Func<KubernetesValue, CrdViolation?> Check)
{
    /// <summary>Whether a release has the rule.</summary>
    public bool IsIn(ProductVersion release) =>
        (Since is null || ProductVersion.Parse(Since) <= release) && (Until is null || release <= ProductVersion.Parse(Until));

    /// <summary>Everything in a value that breaks the rules of a release.</summary>
    public static IEnumerable<ConfigProblem> Problems(IEnumerable<CrdRule> rules, SourceDocument document, KubernetesValue root, ProductVersion release) =>
        from rule in rules
        where rule.IsIn(release)
        from found in rule.Violations(root)
        select new ConfigProblem(ProblemKind.KubernetesCombination, document, found.At.Node.UseSpan, found.At.Node.Pointer, found.Message, found.Help);

    /// <summary>Everything in an object that breaks the rule.</summary>
    public IEnumerable<CrdViolation> Violations(KubernetesValue root) =>
        Values([root], Path.Split('.', StringSplitOptions.RemoveEmptyEntries)).Select(Check).OfType<CrdViolation>();

    private static IEnumerable<KubernetesValue> Values(IEnumerable<KubernetesValue> from, ReadOnlySpan<string> steps)
    {
        if (steps.IsEmpty)
        {
            return from;
        }

        bool isList = steps[0].EndsWith("[]", StringComparison.Ordinal);
        string name = isList ? steps[0][..^2] : steps[0];
        IEnumerable<KubernetesValue> next = from.Select(value => value[name]).OfType<KubernetesValue>();
        return Values(isList ? next.SelectMany(value => value.Items) : next, steps[1..]);
    }
}

/// <summary>Values that do not go together.</summary>
/// <param name="At">Where to point.</param>
/// <param name="Message">What was found.</param>
/// <param name="Help">What to write instead.</param>
internal sealed record CrdViolation(KubernetesValue At, string Message, string Help);
