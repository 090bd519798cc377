using PolicyValidator.Tests.Cli;
using Tests.Shared;

namespace PolicyValidator.Tests.Integrations;

/// <summary>The real pre-commit runs our hooks in a repository of its own.</summary>
[Trait("Run", "integrations")]
public sealed class PreCommitTests : IDisposable
{
    private const string Bad = """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}

        """;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("policy-validator-system")]
    [InlineData("policy-validator")]
    public void A_bad_policy_stops_the_commit_and_a_good_one_passes(string hook)
    {
        folder.Write("user/policies/filter.yaml", Bad);
        folder.Write("user/vendor/theirs.yaml", Bad);
        folder.Write("user/.policy-validator.yaml", "exclude: [vendor]\n");
        folder.Write("user/.pre-commit-config.yaml", $"repos:\n  - repo: {Repository.Root}\n    rev: {Git(Repository.Root, "rev-parse", "HEAD").Trim()}\n    hooks:\n      - id: {hook}\n");
        Git(User, "init", "-q");
        Git(User, "add", "-A");
        ForeignTool failed = PreCommit();
        Assert.True(failed.ExitCode == 1, failed.Output);
        Assert.Contains("policies/filter.yaml:3:", failed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("vendor", failed.Output, StringComparison.Ordinal);
        folder.Write("user/policies/filter.yaml", Bad.Replace("FULL_DUPLEX_STREAMED", "STREAMED", StringComparison.Ordinal));
        Git(User, "add", "-A");
        ForeignTool passed = PreCommit();
        Assert.True(passed.ExitCode == 0, passed.Output);
    }

    private string User => Path.Combine(folder.Path, "user");

    private ForeignTool PreCommit() => ForeignTool.Run("pre-commit", ["run", "--all-files", "--color", "never"], User, new()
    {
        ["PRE_COMMIT_HOME"] = Path.Combine(folder.Path, "pre-commit"),
        ["PATH"] = $"{Repository.PathOf("artifacts", "bin", "PolicyValidator", new DirectoryInfo(AppContext.BaseDirectory).Name)}:{Environment.GetEnvironmentVariable("PATH")}",
    });

    private static string Git(string where, params string[] words)
    {
        ForeignTool git = ForeignTool.Run("git", ["-c", "safe.directory=*", .. words], where, []);
        Assert.True(git.ExitCode == 0, git.Output);
        return git.Output;
    }
}
