using System.Text.Json.Nodes;
using Envoy.Runner;
using PolicyValidator.Cli;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;
using PolicyValidator.Tests.Expressions;
using Tests.Shared;

namespace PolicyValidator.Tests.EnvoyGateway;

/// <summary>A full-duplex policy for an Envoy Gateway that cannot send its trailers: what its author is told, and what is done about it.</summary>
public sealed class FoundingCaseTests
{
    private const string Policy = """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: p
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: HTTPRoute
            name: backend
          extProc:
          - backendRefs:
            - name: grpc-ext-proc
              port: 9002
            processingMode:
              request:
                body: FullDuplexStreamed # the whole point
              response:
                body: FullDuplexStreamed

        """;

    private const string Gateway = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata:
          name: eg
        spec:
          gatewayClassName: eg
          listeners:
          - name: http
            protocol: HTTP
            port: 80
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata:
          name: backend
        spec:
          parentRefs:
          - name: eg
          rules:
          - backendRefs:
            - name: backend
              port: 3000

        """;

    [Fact]
    public void The_author_is_told_where_why_and_which_release_can()
    {
        Run run = Run.WithInput(Policy, "lint", "--target", "eg=1.4.1", "-");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("-:16:15: error: a full-duplex body whose request trailers Envoy Gateway 1.4.1 cannot send, which Envoy refuses [EP055 gateway-skips-trailers]", run.Output, StringComparison.Ordinal);
        Assert.Contains("/spec/extProc/0/processingMode/response/body", run.Output, StringComparison.Ordinal);
        Assert.Contains("use Envoy Gateway 1.4.2 or later", run.Output, StringComparison.Ordinal);
        Assert.Contains("EnvoyPatchPolicy", run.Output, StringComparison.Ordinal);
        Assert.Contains("kind: EnvoyPatchPolicy", Run.Of("explain", "EP055").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eg=1.4.2")]
    [InlineData("eg=1.4")]
    [InlineData("eg=1.9.1")]
    [InlineData("envoy=1.40")]
    public void Later_releases_say_nothing(string target) =>
        Assert.Equal(0, Run.WithInput(Policy, "lint", "--target", target, "-").ExitCode);

    [Fact]
    public void Nothing_is_appended_without_being_asked_or_without_a_gateway()
    {
        using TempFolder folder = new();
        string policy = folder.Write("policy.yaml", Policy), gateway = folder.Write("gateway.yaml", Gateway);
        Run.Of("lint", "--target", "eg=1.4.1", "--fix", policy, gateway);
        Run.Of("lint", "--target", "eg=1.4.1", "--fix", "--unsafe-fixes", policy);
        Assert.Equal(Policy, File.ReadAllText(policy));
    }

    [Fact]
    public void With_the_gateway_in_another_file_the_patch_is_appended_once_and_the_error_is_gone()
    {
        using TempFolder folder = new();
        string policy = folder.Write("policy.yaml", Policy), gateway = folder.Write("gateway.yaml", Gateway);
        Run first = Run.Of("lint", "--target", "eg=1.4.1", "--fix", "--unsafe-fixes", policy, gateway);
        string once = File.ReadAllText(policy);
        Assert.Equal(0, first.ExitCode);
        Assert.StartsWith(Policy + "---\n", once, StringComparison.Ordinal);
        Assert.Equal(Gateway, File.ReadAllText(gateway));
        Run.Of("lint", "--target", "eg=1.4.1", "--fix", "--unsafe-fixes", policy, gateway);
        Assert.Equal(once, File.ReadAllText(policy));
    }

    [Theory, MemberData(nameof(RealEnvoyTests.Two), MemberType = typeof(RealEnvoyTests))]
    public void The_patched_listener_is_accepted_by_two_real_Envoys(string version) => AssertPatched(version);

    [Theory, MemberData(nameof(RealEnvoyTests.Five), MemberType = typeof(RealEnvoyTests)), Trait("Run", "all")]
    public void The_patched_listener_is_accepted_by_five_real_Envoys(string version) => AssertPatched(version);

    private static void AssertPatched(string version)
    {
        JsonNode bootstrap = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "PolicyValidator.Tests", "EnvoyGateway", "Data", "full-duplex-1.4.1.json")))!;
        Assert.Contains("trailer", Refusal(version, bootstrap), StringComparison.OrdinalIgnoreCase);
        ListenerPatch[] patches = Patches();
        Assert.Equal(2, patches.Length);
        foreach (ListenerPatch patch in patches)
        {
            PatchedListener.Apply(bootstrap, patch);
        }

        Assert.Null(Refusal(version, bootstrap));
    }

    private static string? Refusal(string version, JsonNode bootstrap)
    {
        using TempFolder folder = new();
        return RealEnvoy.Find(EnvoyBinary.Find(version).Path).Refuses(folder.Write("envoy.json", bootstrap.ToJsonString()))?.Text;
    }

    private static ListenerPatch[] Patches()
    {
        using TempFolder folder = new();
        string file = folder.Write("all.yaml", Gateway + "---\n" + Policy);
        Run.Of("lint", "--target", "eg=1.4.1", "--fix", "--unsafe-fixes", file);
        LintResult result = Linter.Lint([new SourceText(file, File.ReadAllText(file))], Target.Parse("eg=1.4.1")!, new LintOptions());
        return [.. ListenerPatch.All(result.Policies)];
    }
}
