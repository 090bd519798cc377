using System.Text.Json;
using PolicyValidator.Cli;
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
