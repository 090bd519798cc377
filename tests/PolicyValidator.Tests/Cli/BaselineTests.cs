using PolicyValidator.Cli;

namespace PolicyValidator.Tests.Cli;

public sealed class BaselineTests : IDisposable
{
    private const string Bad = """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}

        """;

    private readonly TempFolder folder = new();
    private readonly string policy, baseline;

    public BaselineTests() => (policy, baseline) = (folder.Write("p.yaml", Bad), Path.Combine(folder.Path, "known.json"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_there_before_is_not_reported_even_when_lines_move()
    {
        Run wrote = Run.Of("lint", policy, "--baseline", baseline, "--write-baseline");
        Assert.Equal(ExitCode.Clean, wrote.ExitCode);
        Assert.Contains("1 finding written", wrote.Error, StringComparison.Ordinal);
        File.WriteAllText(policy, $"# moved\n\na: b\n---\n{Bad.Replace("grpc_service", "# by hand\ngrpc_service", StringComparison.Ordinal)}");
        Run run = Run.Of("lint", policy, "--baseline", baseline);
        Assert.Equal((ExitCode.Clean, ""), (run.ExitCode, run.Error));
        Assert.Contains("1 suppressed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_new_is_reported()
    {
        Run.Of("lint", policy, "--baseline", baseline, "--write-baseline");
        File.AppendAllText(policy, $"---\n{Bad}");
        Run run = Run.Of("lint", policy, "--baseline", baseline);
        Assert.Equal(ExitCode.Findings, run.ExitCode);
        Assert.Contains("1 error in 1 file", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_whose_finding_is_gone_are_told()
    {
        string other = folder.Write("other.yaml", Bad), gone = folder.Write("gone.yaml", Bad);
        Run.Of("lint", policy, other, gone, "--baseline", baseline, "--write-baseline");
        File.Delete(gone);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--fix", policy).ExitCode);
        string[] stale = Run.Of("lint", policy, "--baseline", baseline).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["EP001 in p.yaml is gone", "EP001 in gone.yaml is gone"], stale.Select(line => line.Split("stale: ")[1].Split(" (")[0]));
        Assert.DoesNotContain("p.yaml", Run.Of("lint", policy, "--select", "EP1", "--baseline", baseline).Error, StringComparison.Ordinal);
        Run.Of("lint", policy, other, "--baseline", baseline, "--write-baseline");
        Assert.Empty(Run.Of("lint", policy, other, "--baseline", baseline).Error);
    }

    [Fact]
    public void The_configuration_file_names_it_relative_to_itself()
    {
        Run.Of("lint", policy, "--baseline", baseline, "--write-baseline");
        folder.Write(".policy-validator.yaml", "baseline: known.json\n");
        Assert.Equal(ExitCode.Clean, Run.Of("lint", policy).ExitCode);
    }

    [Theory]
    [InlineData("[]", "1:1", "a list is not keys and values")]
    [InlineData("{\"version\": 2, \"findings\": []}", "1:13", "\"2\" is not the version 1")]
    [InlineData("{\"version\": 1, \"findings\": [{\"rule\": \"EP001\"}]}", "1:29", "fingerprint is missing")]
    [InlineData("{", "1:2", "the end of the text")]
    public void A_broken_one_is_exit_code_2(string text, string place, string message)
    {
        folder.Write("known.json", text);
        Run run = Run.Of("lint", policy, "--baseline", baseline);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains($"known.json:{place}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_one_is_exit_code_2()
    {
        Assert.Contains("--write-baseline makes one", Run.Of("lint", policy, "--baseline", baseline).Error, StringComparison.Ordinal);
        Assert.Contains("--write-baseline needs --baseline", Run.Of("lint", policy, "--write-baseline").Error, StringComparison.Ordinal);
    }
}
