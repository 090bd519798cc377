using PolicyValidator.Cli;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>A release that is newer than what is known is judged as the newest, says so, and is refused nothing for a name that it may have.</summary>
public sealed class NewerReleaseTests
{
    private const string Filter = "--- {\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor, grpc_service: {envoy_grpc: {cluster_name: p}}";

    private static readonly string Kgateway = Shape.Kgateway("GatewayExtension", "{requestBodyMode: BUFFERED}");

    /// <summary>The target, as what it is judged, and a file with a name that the newest does not have.</summary>
    public static TheoryData<string, string, string> Targets => new()
    {
        { "envoy=1.41", "Envoy 1.41", Filter + ", brand_new: 1}" },
        { "envoy=1.41", "Envoy 1.41", Filter + ", processing_mode: {request_body_mode: BRAND_NEW}}" },
        { "envoy=1.999.3", "Envoy 1.999.3", Filter + ", on_processing_response: {name: x, typed_config: {\"@type\": type.googleapis.com/envoy.brand.New}}}" },
        { "envoy=2.0", "Envoy 2.0", "name: new\ntyped_config: {\"@type\": type.googleapis.com/envoy.brand.New}\n" },
        { "envoy=1.40.77", "Envoy 1.40.77", Filter + ", brand_new: 1}" },
        { "eg=1.10", "Envoy Gateway 1.10", Shape.Policy("brandNew: 1, processingMode: {request: {}}") },
        { "eg=2.0.1", "Envoy Gateway 2.0.1", Shape.Policy("processingMode: {request: {body: BrandNew}}") },
        { "istio=1.33", "Istio 1.33", Shape.EnvoyFilter(Shape.Filter("{}")).Replace("HTTP_FILTER", "BRAND_NEW", StringComparison.Ordinal) },
        { "kgateway=2.6", "kgateway 2.6", Kgateway.Replace("processingMode:", "brandNew: 1\n    processingMode:", StringComparison.Ordinal) },
        { "kgateway=3.0", "kgateway 3.0", Kgateway.Replace("BUFFERED", "BRAND_NEW", StringComparison.Ordinal) },
        { "agentgateway=1.5", "agentgateway 1.5", Agentgateway("brandNew: 1") },
        { "agentgateway=2.0", "agentgateway 2.0", Agentgateway("failureMode: BrandNew") },
    };

    [Theory, MemberData(nameof(Targets))]
    public void A_name_that_is_not_known_is_a_hint(string target, string name, string text)
    {
        Assert.StartsWith(name + " is newer", Target.Parse(target)!.Note, StringComparison.Ordinal);
        Finding[] found = [.. Linter.Lint([new SourceText("a.yaml", text)], Target.Parse(target)!, new LintOptions()).Findings];
        Assert.NotEmpty(found);
        Assert.All(found, finding => Assert.Equal(Severity.Hint, finding.Severity));
    }

    [Theory, MemberData(nameof(Targets))]
    public void The_command_says_as_what_it_judges_and_finds_nothing_to_fail_for(string target, string name, string text)
    {
        Run run = Run.WithInput(text, "lint", "--no-config", "--target", target, "-");
        Assert.Equal(ExitCode.Clean, run.ExitCode);
        Assert.StartsWith($"note: {name} is newer than the releases that are known here: it is judged as ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kgateway=2.6", "spec:\n  extProc:\n    grpcService: {backendRef: {name: p, port: x}}", "EP052")]
    [InlineData("kgateway=2.6", "spec:\n  extProc:\n    grpcService: {backendRef: {name: p, port: 1}}\n    processingMode: {requestBodyMode: FULL_DUPLEX_STREAMED}", "EP001")]
    public void What_no_release_takes_is_an_error_there_too(string target, string spec, string id) => Assert.Contains(
        Linter.Lint([new SourceText("a.yaml", $"apiVersion: gateway.kgateway.dev/v1alpha1\nkind: GatewayExtension\nmetadata: {{name: a}}\n{spec}\n")], Target.Parse(target)!, new LintOptions()).Findings,
        finding => (finding.Rule.Id, finding.Severity) == (id, Severity.Error));

    [Theory]
    [InlineData("envoy=1.40"), InlineData("envoy=1.40.0"), InlineData("eg=1.9"), InlineData("eg=1.9.1"), InlineData("istio=1.32"), InlineData("istio=1.32.5")]
    [InlineData("kgateway=2.5"), InlineData("kgateway=2.5.9"), InlineData("agentgateway=1.4"), InlineData("agentgateway=1.4.7"), InlineData("agentgateway"), InlineData("gcp")]
    public void A_release_that_is_known_needs_no_note(string target) => Assert.Null(Target.Parse(target)!.Note);

    private static string Agentgateway(string line) => $$$"""
        apiVersion: agentgateway.dev/v1alpha1
        kind: AgentgatewayPolicy
        metadata: {name: a}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}]
          traffic:
            extProc:
              backendRef: {name: p, port: 1}
              {{{line}}}

        """;
}
