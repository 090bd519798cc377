using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Advice;

/// <summary>Who does what a help says is rid of the finding, has no new one, and is never sent back to where he was.</summary>
public sealed class AdviceTests
{
    /// <summary>What no YAML reader takes, or takes half of, cannot be obeyed as values.</summary>
    public static TheoryData<string> Ids => [.. RuleCatalog.All.Where(rule => rule is not (EP020NotYamlOrJson or EP197TextNobodyReads)).Select(rule => rule.Id)];

    public static TheoryData<string> Targets { get; } = ["envoy=1.35.0", "envoy=1.38", "envoy=1.40"];

    [Theory, MemberData(nameof(Ids))]
    public void Obeyed_help_cures_the_example_of_its_rule(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        AssertWorks([rule.Bad], rule.ExampleTarget);
    }

    [Theory, MemberData(nameof(Targets))]
    public void Obeyed_help_cures_filters_with_any_two_faults(string target) => AssertWorks(FaultyFilters.All, Target.Parse(target)!);

    private static void AssertWorks(IEnumerable<string> texts, Target target)
    {
        AdviceWalk walk = new(target);
        foreach (string text in texts)
        {
            walk.From(AdvisedText.Of(text));
        }

        Assert.True(walk.Failures.Count == 0, string.Join("\n\n", walk.Failures.Values));
    }
}
