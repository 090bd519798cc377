using System.Text.Json;
using PolicyValidator.Playground;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Playground;

public sealed class TrialTests
{
    public static TheoryData<string> Examples => [.. Example.All.Select(example => example.Name)];

    public static TheoryData<string> Rules => [.. RuleCatalog.All.Select(rule => rule.Id)];

    [Fact]
    public void The_founding_case_comes_first_with_its_line_the_release_that_can_and_a_workaround()
    {
        Example first = Example.All[0];
        LintAnswer answer = Try(first.Text, first.Target, unsafeFixes: true);
        FindingAnswer finding = answer.Findings[0];
        Assert.Equal(("EP055", "error", "FullDuplexStreamed"), (finding.Rule, finding.Severity, first.Text[finding.Start..finding.End]));
        Assert.Equal("body: FullDuplexStreamed", first.Text.Split('\n')[finding.Line - 1].Trim());
        Assert.Contains("use Envoy Gateway 1.4.2 or later", finding.Help, StringComparison.Ordinal);
        Assert.Contains("+kind: EnvoyPatchPolicy\n", answer.Fix!.Diff, StringComparison.Ordinal);
        Assert.Equal(0, answer.Fix.Remaining);
        Assert.Contains(new ModeAnswer("request", "trailers", "SKIP", false), Assert.Single(answer.Messages).Modes);
    }

    [Theory, MemberData(nameof(Examples))]
    public void Every_example_is_answered_as_lint_answers_it(string name)
    {
        Example example = Example.All.Single(each => each.Name == name);
        Run run = Run.WithInput(example.Text, "lint", "--format", "json", "--target", example.Target, "-");
        using JsonDocument report = JsonDocument.Parse(run.Output);
        Assert.Equal(
            report.RootElement.GetProperty("files")[0].GetProperty("findings").EnumerateArray().Select(Words),
            Try(example.Text, example.Target).Findings.Select(finding => (finding.Rule, finding.Severity, finding.Line, finding.Column, finding.Message)));
    }

    [Theory, MemberData(nameof(Examples))]
    public void Every_example_shows_something_but_the_one_that_is_clean(string name)
    {
        Example example = Example.All.Single(each => each.Name == name);
        Assert.Equal(name == "clean", Try(example.Text, example.Target).Findings.Count == 0);
    }

    [Fact]
    public void Of_more_findings_than_a_page_can_show_the_worst_are_shown_and_all_counted()
    {
        LintAnswer answer = Try("message_timeout: 0s\n" + string.Concat(Enumerable.Range(0, 5000).Select(at => $"wrong{at}: 1\n")), "envoy=1.40");
        Assert.Equal(200, answer.Findings.Count);
        Assert.All(answer.Findings, finding => Assert.Equal("error", finding.Severity));
        Assert.True(answer.Counts is { Error: >= 5000, Warning: 1 }, $"{answer.Counts}");
        Assert.Equal(answer.Findings.Select(finding => finding.Start).Order(), answer.Findings.Select(finding => finding.Start));
    }

    [Fact]
    public void What_a_comment_suppresses_is_counted_and_not_shown()
    {
        LintAnswer answer = Try("disabled: false # policy-validator: ignore EP011 -- to be changed tomorrow\n", "envoy=1.40");
        Assert.Empty(answer.Findings);
        Assert.Equal(new CountsAnswer(0, 0, 0, 1), answer.Counts);
    }

    [Fact]
    public void A_fix_that_is_a_choice_is_made_on_request_only()
    {
        Example example = Example.All[0];
        Assert.Null(Try(example.Text, example.Target).Fix);
        Assert.Equal(1, Try(example.Text, example.Target, unsafeFixes: true).Fix!.Applied);
    }

    [Theory, MemberData(nameof(Rules))]
    public void The_examples_of_every_rule_are_answered_with_messages_that_are_JSON(string id)
    {
        Rule rule = RuleCatalog.All.Single(each => each.Id == id);
        Assert.All(
            new[] { rule.Bad, rule.Good }.SelectMany(text => Try(text, rule.ExampleTarget.Text, unsafeFixes: true).Messages),
            message => JsonDocument.Parse(message.Json).Dispose());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("- - -")]
    [InlineData("a: &a [*a]")]
    [InlineData("\0")]
    [InlineData("""{"processing_mode": {"request_body_mode": "\ud800"}, "stat_prefix": "\udfff"}""")]
    [InlineData("stat_prefix: \"\\uD800\"\ngrpc_service: {google_grpc: {target_uri: \"\\uDFFF\", stat_prefix: x}}")]
    public void What_is_no_policy_is_answered_too(string text) =>
        Assert.NotEmpty(JsonSerializer.Serialize(Try(text, "envoy=1.40", unsafeFixes: true), Answers.Default.LintAnswer));

    private static LintAnswer Try(string text, string target, bool unsafeFixes = false) =>
        new Trial(text, Target.Parse(target)!, unsafeFixes).Answer(CancellationToken.None);

    private static (string, string, int, int, string) Words(JsonElement finding) => (
        finding.GetProperty("rule").GetString()!,
        finding.GetProperty("severity").GetString()!,
        finding.GetProperty("line").GetInt32(),
        finding.GetProperty("column").GetInt32(),
        finding.GetProperty("message").GetString()!);
}
