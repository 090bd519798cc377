using System.Text.RegularExpressions;
using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Rules;

/// <summary>A rule's examples are its tests.</summary>
public sealed partial class RuleExampleTests
{
    public static TheoryData<string> Ids => [.. RuleCatalog.All.Select(rule => rule.Id)];

    /// <summary>An object that stands in two files is one object, and with two servers it is not sure which of them a filter leads to.</summary>
    private static readonly string[] AboutSeveralFiles = ["EP027", "EP056", "EP154", "EP163", "EP184", "EP186", "EP187", "EP270"];

    public static TheoryData<string> AboutOneFile => [.. RuleCatalog.All.Select(rule => rule.Id).Except(AboutSeveralFiles)];

    public static TheoryData<string> Fixable => [.. RuleCatalog.All.Where(rule => rule.Fix != FixSafety.None).Select(rule => rule.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void Bad_is_reported_where_it_is_marked_and_nowhere_else(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        var found = Lint(rule, rule.Bad)
            .Select(finding => $"{finding.Source.PositionAt(finding.Span.Start).Line} {finding.Rule.Id}")
            .Distinct();
        Assert.Equal(Marks(rule.Bad), found);
        Assert.Contains(found, each => each.EndsWith(id, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(AboutOneFile))]
    public void What_is_reported_in_one_file_is_reported_in_its_copy_too(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        SourceText[] texts = [new("one.yaml", rule.Bad), new("two.yaml", rule.Bad)];
        ILookup<SourceText, int> lines = Linter.Lint(texts, rule.ExampleTarget, new LintOptions()).Findings
            .Where(finding => finding.Rule.Id == id).ToLookup(finding => finding.Source, finding => finding.Span.Start);
        Assert.Equal(lines[texts[0]], lines[texts[1]]);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Good_is_clean(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        Assert.Equal([], Lint(rule, rule.Good).Select(finding => $"{finding.Rule.Id}: {finding.Message}"));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Messages_are_phrases_that_say_what_to_do(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        foreach (Finding finding in Lint(rule, rule.Bad))
        {
            Assert.All([finding.Message, finding.Help], text => Assert.DoesNotMatch(@"^[A-Z][a-z]+ |[.\n]$|error:|please", text.Replace("Envoy ", "", StringComparison.Ordinal)));
            Assert.NotEmpty(finding.Help);
            Assert.EndsWith(".", finding.Why, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Fixable))]
    public void The_fix_of_Bad_is_Good_and_keeps_every_comment(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        FixedText done = FixApplier.Apply(new SourceText("policy.yaml", rule.Bad), text => Linter.Lint([text], rule.ExampleTarget, new LintOptions()), unsafeToo: rule.Fix == FixSafety.Unsafe);
        Assert.Equal(rule.Good, done.Source.Text.Replace($" # {id}", "", StringComparison.Ordinal));
        Assert.Equal(Marks(rule.Bad).Count(), Marks(done.Source.Text).Count());
        Assert.Equal(0, FixApplier.Apply(done.Source, text => Linter.Lint([text], rule.ExampleTarget, new LintOptions()), unsafeToo: true).Applied);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_rule_without_a_fix_makes_none(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        Assert.All(Lint(rule, rule.Bad), finding => Assert.Equal(
            rule.Fix,
            finding.Fix switch { null => FixSafety.None, { Safe: true } => FixSafety.Safe, _ => FixSafety.Unsafe }));
    }

    private static IReadOnlyList<Finding> Lint(Rule rule, string text) =>
        Linter.Lint([new SourceText("policy.yaml", text)], rule.ExampleTarget, new LintOptions()).Findings;

    /// <summary>The marks of a text: line and rule. A mark of another rule says that this case breaks both.</summary>
    private static IEnumerable<string> Marks(string text) =>
        text.Split('\n').Index().SelectMany(line => Mark().Matches(line.Item).Select(mark => $"{line.Index + 1} {mark.Groups[1].Value}"));

    [GeneratedRegex("# (EP[0-9]{3})")]
    private static partial Regex Mark();
}
