using System.Text.Json;
using PolicyValidator.Cli;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Robustness;

/// <summary>One mistake that is there very often is shown as often as is good for a reader, and counted as often as it is there.</summary>
public sealed class MostFindingsTests : IDisposable
{
    private const int Times = 60_000;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Path => System.IO.Path.Combine(folder.Path, "policy.yaml");

    [Fact]
    public void Text_shows_the_first_of_a_rule_says_how_many_more_there_are_and_counts_all()
    {
        Write(Times);
        Run run = Run.Of("lint", Path);
        Assert.Equal(ExitCode.Findings, run.ExitCode);
        Assert.Equal(1000, run.Output.Split("[EP021 unknown-field]").Length - 1);
        Assert.Contains($"policy.yaml: {Times - 1000} more of EP021 unknown-field in this file; --max-findings shows more, --format json all\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{Times} errors", run.Output, StringComparison.Ordinal);
        Assert.InRange(run.Output.Length, 0, 2_000_000);
    }

    [Theory]
    [InlineData("--max-findings", "7")]
    [InlineData("--max-findings=7", "--quiet")]
    public void A_reader_chooses_how_many(params string[] flags)
    {
        Write(100);
        Assert.Equal(7, Run.Of([.. flags.Prepend("lint"), Path]).Output.Split("[EP021 unknown-field]").Length - 1);
    }

    [Fact]
    public void Json_has_all()
    {
        Write(Times);
        using JsonDocument report = JsonDocument.Parse(Run.Of("lint", "--format", "json", Path).Output);
        Assert.InRange(report.RootElement.GetProperty("files")[0].GetProperty("findings").GetArrayLength(), Times, Times + 5);
    }

    [Fact]
    public void Sarif_has_no_more_results_than_GitHub_takes_and_says_how_many_are_left_out()
    {
        Write(Times);
        using JsonDocument report = JsonDocument.Parse(Run.Of("lint", "--format", "sarif", "--max-findings", "100000", Path).Output);
        JsonElement run = report.RootElement.GetProperty("runs")[0];
        Assert.Equal(25_000, run.GetProperty("results").GetArrayLength());
        string note = run.GetProperty("invocations")[0].GetProperty("toolExecutionNotifications")[0].GetProperty("message").GetProperty("text").GetString()!;
        Assert.StartsWith($"{Times - 25_000}", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_with_all_results_has_no_word_about_others()
    {
        Write(10);
        using JsonDocument report = JsonDocument.Parse(Run.Of("lint", "--format", "sarif", Path).Output);
        Assert.False(report.RootElement.GetProperty("runs")[0].TryGetProperty("invocations", out _));
    }

    [Theory]
    [InlineData("request_attributes: [*a]")]
    [InlineData("processing_mode: {request_body_mode: *a}")]
    [InlineData("message_timeout: *a")]
    [InlineData("*a : 1")]
    [InlineData("processing_mode: {*a : 1}")]
    [InlineData("grpc_service: {envoy_grpc: {cluster_name: *a}, *a : {*a : 1}}")]
    [InlineData("forward_rules: {allowed_headers: {patterns: [{safe_regex: {regex: *a}}]}}")]
    [InlineData("mutation_rules: {disallow_expression: {regex: *a}}")]
    [InlineData("stat_prefix: *a, filter_metadata: {*a : *a}")]
    [InlineData("\"@type\": *a")]
    public void A_long_value_that_aliases_repeat_is_not_told_in_full_each_time(string field)
    {
        string text = $"a: &a \"({new string('v', 100_000)}\"\nb:\n"
            + string.Concat(Enumerable.Repeat($"- {{\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor, {field}}}\n", 200));
        File.WriteAllText(Path, text);
        Assert.All(Reporters.Names, format => Assert.InRange(Run.Of("lint", "--format", format, Path).Output.Length, 0, 200 * 10 * LongText.MostLetters));
    }

    [Fact]
    public void Of_the_entries_of_a_baseline_that_are_stale_no_more_are_told_than_of_findings()
    {
        Write(1);
        string baseline = folder.Write("known.json", $$"""{"version": 1, "findings": [{{string.Join(',', Enumerable.Range(0, 5000).Select(at => $$"""{"fingerprint": "{{at}}", "rule": "EP001", "path": "gone.yaml", "message": "m"}"""))}}]}""");
        string[] told = Run.Of("lint", Path, "--baseline", baseline).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1001, told.Length);
        Assert.EndsWith("4000 more are stale; --max-findings shows more", told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_takes_too_long_is_given_up_with_exit_code_2()
    {
        File.WriteAllText(Path, string.Concat(Enumerable.Repeat("---\n" + Text(20), 100_000)));
        Run run = Run.Of("lint", "--max-seconds", "1", "--max-file-bytes", "2000000000", Path);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Equal("policy-validator: not done after 1 s; lint fewer or smaller files at once, or raise --max-seconds\n", run.Error);
    }

    private void Write(int wrong) => File.WriteAllText(Path, Text(wrong));

    private static string Text(int wrong) =>
        "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\ngrpc_service: {envoy_grpc: {cluster_name: a}}\n"
        + string.Concat(Enumerable.Range(0, wrong).Select(at => $"wrong{at}: 1\n"));
}
