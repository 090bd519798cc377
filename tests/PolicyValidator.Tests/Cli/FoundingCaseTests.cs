using PolicyValidator.Cli;
using PolicyValidator.Tests.Oracle;
using Tests.Shared;

namespace PolicyValidator.Tests.Cli;

/// <summary>What Envoy Gateway 1.4.1 makes of a policy with FullDuplexStreamed: every Envoy refuses it, and nothing said why.</summary>
public sealed class FoundingCaseTests : IDisposable
{
    private static readonly string Refused = Repository.PathOf("tests/PolicyValidator.Tests/Corpus/envoy-gateway-1.4.1-full-duplex.json");
    private static readonly string Accepted = Repository.PathOf("tests/PolicyValidator.Tests/Corpus/envoy-gateway-1.4.2-full-duplex.json");

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lint_shows_the_line_a_caret_and_the_reason()
    {
        Run run = Run.Of("lint", Refused);
        Assert.Equal(ExitCode.Findings, run.ExitCode);
        Assert.Contains($"""
            {Refused}:34:32: error: request_body_mode is FULL_DUPLEX_STREAMED, but request_trailer_mode is SKIP [EP001 full-duplex-needs-trailers]
               |
            34 |             "requestBodyMode": "FULL_DUPLEX_STREAMED",
               |                                ^^^^^^^^^^^^^^^^^^^^^^

            """, run.Output, StringComparison.Ordinal);
        Assert.Contains("why: Without trailers the processor may never learn that the body ended", run.Output, StringComparison.Ordinal);
        Assert.Contains("2 errors, 1 hint in 1 file, 2 with a fix", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fix_makes_of_it_what_the_next_release_makes()
    {
        string path = folder.Write("bootstrap.json", File.ReadAllText(Refused));
        Run run = Run.Of("lint", "--fix", path);
        Assert.Equal(ExitCode.Clean, run.ExitCode);
        Assert.Equal(File.ReadAllText(Accepted), File.ReadAllText(path));
    }

    [Theory, MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public async Task A_real_Envoy_refuses_it_and_accepts_what_the_fix_makes_of_it(string version)
    {
        string path = folder.Write("bootstrap.json", File.ReadAllText(Refused));
        Assert.False((await AskedEnvoys.AskAsync(version, File.ReadAllText(path), "json")).Accepted);
        Run.Of("lint", "--fix", "--target", $"envoy={version}", path);
        var verdict = await AskedEnvoys.AskAsync(version, File.ReadAllText(path), "json");
        Assert.True(verdict.Accepted, verdict.Said);
    }

    [Theory, MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public void The_flag_envoy_asks_that_binary_and_it_agrees(string version)
    {
        string binary = Envoy.Runner.EnvoyBinary.Find(version).Path;
        Run refused = Run.Of("lint", "--envoy", binary, Refused), accepted = Run.Of("lint", "--envoy", binary, Accepted);
        Assert.Equal((ExitCode.Findings, ExitCode.Clean), (refused.ExitCode, accepted.ExitCode));
        Assert.Contains($"{Refused}: asked about the file: Envoy {version} refuses it for the same thing as EP001: ", refused.Error, StringComparison.Ordinal);
        Assert.All([refused, accepted], run => Assert.EndsWith($"\nEnvoy {version} agrees about 1 file\n", run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_comment_hides_is_still_our_verdict()
    {
        string path = folder.Write("filter.yaml", """
            # policy-validator: ignore-file EP001 -- a patch sends the trailers
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}
            """);
        Run run = Run.Of("lint", "--envoy", Envoy.Runner.EnvoyBinary.Find("1.40.0").Path, path);
        Assert.Equal(ExitCode.Clean, run.ExitCode);
        Assert.EndsWith("\nEnvoy 1.40.0 agrees about 1 file\n", run.Error, StringComparison.Ordinal);
    }
}
