using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Suppressions;

public sealed class CommentSuppressionTests
{
    /// <summary>What stands for the comments in the text: behind the body mode, above it, and at the beginning.</summary>
    private static string Policy(string beside = "", string above = "", string first = "") => $"""
        {first}
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_mode:
          {above}

          request_body_mode: FULL_DUPLEX_STREAMED {beside}

        """;

    [Theory]
    [InlineData("# policy-validator: ignore EP001 -- why", "", "")]
    [InlineData("#policy-validator:ignore full-duplex-needs-trailers--why", "", "")]
    [InlineData("# policy-validator: ignore ep001 -- why # and more", "", "")]
    [InlineData("", "# policy-validator: ignore EP001 -- why", "")]
    [InlineData("", "", "# policy-validator: ignore-file EP001 -- why")]
    public void A_comment_with_a_reason_suppresses(string beside, string above, string first)
    {
        LintResult result = Lint(Policy(beside, above, first));
        Assert.Empty(result.Findings);
        Assert.Equal(("EP001", "why"), Assert.Single(result.Suppressed.Select(each => (each.Finding.Rule.Id, each.Reason))));
    }

    [Theory]
    [InlineData("# policy-validator: ignore EP001", "EP001 EP192")]
    [InlineData("# policy-validator: ignore EP001 --", "EP001 EP192")]
    [InlineData("# policy-validator: ignore -- why", "EP001 EP193")]
    [InlineData("# policy-validator: ignore EP1 -- why", "EP001 EP193")]
    [InlineData("# policy-validator: off EP001 -- why", "EP001 EP193")]
    [InlineData("# policy-validator: ignore EP123 -- why", "EP001 EP191")]
    [InlineData("# policy-validator: ignore EP001, EP123 -- why", "EP191")]
    [InlineData("# policy-validator: ignore EP001, EP0123 -- why", "EP193")]
    [InlineData("# policy-validator: ignore EP001, EP191, EP123 -- why", "EP191 EP191")]
    [InlineData("# policy-validator is a program", "EP001")]
    public void What_does_not_work_is_reported(string comment, string rules) =>
        Assert.Equal(rules, string.Join(' ', Lint(Policy(comment)).Findings.Select(finding => finding.Rule.Id)));

    [Fact]
    public void A_comment_is_about_one_line_only()
    {
        string twice = Policy("# policy-validator: ignore EP001 -- why") + "  response_body_mode: FULL_DUPLEX_STREAMED\n";
        Assert.Equal(["response_body_mode"], Lint(twice).Findings.Select(finding => finding.Message.Split(' ')[0]));
    }

    [Fact]
    public void In_a_file_inside_of_a_ConfigMap_comments_work_too()
    {
        string inside = string.Concat(Policy("# policy-validator: ignore EP001 -- why").Insert(0, "'@type': type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n").Split('\n').Select(line => $"    {line}\n"));
        LintResult result = Lint($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x}}\ndata:\n  envoy.yaml: |\n{inside}");
        Assert.Equal(("", 1), (string.Join(' ', result.Findings.Select(finding => finding.Rule.Id)), result.Suppressed.Count));
    }

    [Fact]
    public void A_string_is_no_comment() =>
        Assert.Equal("EP001", string.Join(' ', Lint(Policy() + "stat_prefix: \"a # policy-validator: ignore EP9 -- why\"\n").Findings.Select(finding => finding.Rule.Id).Distinct()));

    [Fact]
    public void A_comment_about_a_rule_that_did_not_run_may_still_be_needed()
    {
        Rule[] some = [.. RuleWords.Many("EP1")];
        Assert.Empty(Lint(Policy("# policy-validator: ignore EP001 -- why"), "envoy=1.40", some).Findings);
        Assert.Empty(Lint("""
            grpc_service: {envoy_grpc: {cluster_name: p}}
            # policy-validator: ignore EP005 -- only 1.35.0 refuses it
            failure_mode_allow: true
            """).Findings);
    }

    [Fact]
    public void Hidden_findings_are_not_fixed()
    {
        string text = Policy("# policy-validator: ignore EP001 -- why");
        Assert.Equal(text, Cli.Run.WithInput(text, "lint", "--fix", "-").Output);
    }

    [Fact]
    public void Many_thousand_comments_are_read_in_no_time()
    {
        string comments = string.Concat(Enumerable.Repeat("# policy-validator: ignore-file EP123 -- why\n# policy-validator: ignore EP001 -- why\n", 10_000));
        LintResult result = Lint(Policy(above: comments));
        Assert.Single(result.Suppressed);
        Assert.Equal(19_999, result.Findings.Count);
        Assert.Single(Lint(string.Concat(Enumerable.Repeat("# policy-validator: ignore EP123 -- why ", 20_000)) + "\ngrpc_service: {}\n").Findings, finding => finding.Rule.Id == "EP191");
    }

    private static LintResult Lint(string text, string target = "envoy=1.40", IReadOnlyList<Rule>? rules = null) =>
        Linter.Lint([new SourceText("a.yaml", text)], Target.Parse(target)!, new LintOptions { Rules = rules ?? RuleCatalog.All });
}
