using PolicyValidator.Cli;

namespace PolicyValidator.Tests.Cli;

public sealed class ConfigFileTests : IDisposable
{
    private const string Bad = """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}

        """;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_nearest_file_above_all_inputs_is_read()
    {
        string a = folder.Write("x/a/p.yaml", Bad), b = folder.Write("x/b/p.yaml", Bad);
        folder.Write(".policy-validator.yaml", "ignore: [EP0]\n");
        Assert.Equal(ExitCode.Clean, Run.Of("lint", a, b).ExitCode);
        folder.Write("x/.policy-validator.yaml", "failOn: error\n");
        Assert.Equal(ExitCode.Findings, Run.Of("lint", a, b).ExitCode);
        folder.Write("x/a/.policy-validator.yaml", "ignore: [EP0]\n");
        Assert.Equal(ExitCode.Clean, Run.Of("lint", a).ExitCode);
        Assert.Equal(ExitCode.Findings, Run.Of("lint", a, b).ExitCode);
    }

    [Fact]
    public void The_search_ends_at_the_root_of_the_checkout()
    {
        string path = folder.Write("checkout/p.yaml", Bad);
        folder.Write("checkout/.git/HEAD", "");
        folder.Write(".policy-validator.yaml", "ignore: [EP0]\n");
        Assert.Equal(ExitCode.Findings, Run.Of("lint", path).ExitCode);
    }

    [Fact]
    public void A_file_can_be_named_and_none_can_be_asked_for()
    {
        string path = folder.Write("p.yaml", Bad), other = folder.Write("other.yaml", "ignore: [EP0]\n");
        Assert.Equal(ExitCode.Clean, Run.Of("lint", path, "--config", other).ExitCode);
        folder.Write(".policy-validator.yaml", "ignore: [EP0]\n");
        Assert.Equal(ExitCode.Findings, Run.Of("lint", path, "--no-config").ExitCode);
        Assert.Contains("cannot be read", Run.Of("lint", path, "--config", "missing.yaml").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_it_is_exit_code_2_with_line_and_column()
    {
        string path = folder.Write("p.yaml", Bad);
        folder.Write(".policy-validator.yaml", "target: envoy=1.38\nfailon: warning\n");
        Run run = Run.Of("lint", path);
        Assert.Equal((ExitCode.Trouble, ""), (run.ExitCode, run.Output));
        Assert.Contains(".policy-validator.yaml:2:1: \"failon\" is not a setting", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_go_before_it()
    {
        string path = folder.Write("p.yaml", Bad);
        folder.Write(".policy-validator.yaml", "target: envoy=1.36\nformat: json\nselect: [EP123]\nignore: [EP001]\n");
        string json = Run.Of("lint", path).Output, text = Run.Of("lint", path, "--format", "text", "--target", "envoy=1.38", "--select", "EP0", "--ignore", "EP002").Output;
        Assert.Contains("\"target\": \"envoy=1.36\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("EP001", json, StringComparison.Ordinal);
        Assert.Contains("asked about envoy=1.38", text, StringComparison.Ordinal);
        Assert.Contains("EP001", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Severities_decide_the_exit_code()
    {
        string path = folder.Write("p.yaml", Bad);
        folder.Write(".policy-validator.yaml", "severity: {EP001: hint}\n");
        Run run = Run.Of("lint", path);
        Assert.Equal(ExitCode.Clean, run.ExitCode);
        Assert.Contains("hint: request_body_mode is FULL_DUPLEX_STREAMED", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_are_ignored_in_the_paths_that_it_names()
    {
        string old = folder.Write("legacy/p.yaml", Bad), now = folder.Write("now/p.yaml", Bad);
        folder.Write(".policy-validator.yaml", "ignorePaths: [{paths: [legacy/**], rules: [EP001], reason: goes away}]\n");
        Run run = Run.Of("lint", folder.Path, "--format", "json");
        Assert.Contains("\"reason\": \"goes away\"", run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", old).ExitCode);
        Assert.Equal(ExitCode.Findings, Run.Of("lint", now).ExitCode);
        Assert.Equal(Bad, Fixed(old));
        Assert.NotEqual(Bad, Fixed(now));
    }

    private static string Fixed(string path)
    {
        Run.Of("lint", "--fix", path);
        return File.ReadAllText(path);
    }
}
