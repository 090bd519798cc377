using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>What is known of published files is true of ours in the same shapes: nothing that is accepted gets an error, and what is refused does.</summary>
public sealed class ShapeTests
{
    private const string BothStreamed = "processingMode: {request: {body: FullDuplexStreamed}, response: {body: FullDuplexStreamed}}";

    /// <summary>The shape, the target, and the rules of all errors and warnings, in their order.</summary>
    public static TheoryData<string, string, string, string> Shapes => new()
    {
        { "request headers, streamed response", "eg=1.9", Shape.Policy("processingMode: {request: {}, response: {body: Streamed}}"), "" },
        { "headers both ways", "eg=1.9", Shape.Policy("processingMode: {request: {}, response: {}}"), "" },
        { "nothing is sent", "eg=1.9", Shape.Policy("messageTimeout: 5s"), "EP158" },
        { "one of two entries sends nothing", "eg=1.9", Shape.Policy("processingMode: {request: {}, response: {}}", "failOpen: true"), "EP158" },
        { "the override of a target that wants none", "eg=1.9", Shape.Policy(), "" },
        { "buffered, as of old", "eg=1.3", Shape.Policy("processingMode: {request: {body: Buffered}}"), "" },
        { "shadow mode", "eg=1.9", Shape.Policy("shadowMode: true, processingMode: {request: {body: Streamed}, response: {body: Streamed}}"), "" },
        { "shadow mode before its time", "eg=1.8", Shape.Policy("shadowMode: true, processingMode: {request: {body: Streamed}}"), "EP051" },
        { "a namespace of Envoy's own filters", "eg=1.9", Shape.Policy("processingMode: {request: {body: Buffered}, response: {body: Streamed}}, metadata: {writableNamespaces: [envoy.filters.http.ext_authz]}"), "EP053" },
        { "body modes in Envoy's spelling", "eg=1.9", Shape.Policy("processingMode: {request: {body: BUFFERED}}"), "EP052" },
        { "full duplex before the definition has it", "eg=1.4.0", Shape.Policy(BothStreamed), "EP052 EP052" },
        { "full duplex without trailers", "eg=1.4.1", Shape.Policy(BothStreamed), "EP055 EP055" },
        { "full duplex", "eg=1.4.2", Shape.Policy(BothStreamed), "" },
        { "full duplex in the newest", "eg=1.9.1", Shape.Policy(BothStreamed), "" },
        { "full duplex that fails open", "eg=1.9", Shape.Policy("failOpen: true, " + BothStreamed), "EP053" },
        { "failing open without bodies in 1.4.2", "eg=1.4.2", Shape.Policy("failOpen: true, processingMode: {request: {}}"), "EP053" },
        { "failing open without bodies", "eg=1.4.3", Shape.Policy("failOpen: true, processingMode: {request: {}}"), "" },
        { "no port", "eg=1.9", Shape.PolicyFor("{name: processor}"), "EP053" },
        { "a port that the Service has not", "eg=1.9", Shape.PolicyFor("{name: processor, port: 4000}") + Shape.Service("default", 9000), "EP054" },
        { "a Service that is not here", "eg=1.9", Shape.PolicyFor("{name: processor, port: 4000}"), "" },
        { "a Service of another namespace without a grant", "eg=1.9", Shape.PolicyFor("{name: processor, namespace: other, port: 9000}") + Shape.Service("other", 9000), "EP188" },
        { "two backends", "eg=1.9", Shape.PolicyFor("{name: processor, port: 9000}, {name: processor-2, port: 9000}"), "" },
        { "a disabled filter of a control plane that sends nothing", "envoy=1.40", Shape.Listeners(Shape.Filter("{request_header_mode: SKIP, response_header_mode: SKIP}")), "EP158" },
        { "full duplex of a control plane", "envoy=1.40", Shape.Listeners(Shape.Filter("{request_header_mode: SKIP, request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND, response_header_mode: SKIP}")), "" },
        { "a whole filter by patch", "eg=1.9", Shape.Patches(("", $"{{name: x, typed_config: {Shape.Filter(Shape.FullDuplex)}}}")), "" },
        { "halves by patch", "eg=1.9", Shape.Policy("processingMode: {request: {body: Buffered}}") + "---\n" + Shape.Patches(("/typed_config/processing_mode/request_body_mode", "FULL_DUPLEX_STREAMED"), ("/typed_config/processing_mode/request_trailer_mode", "SEND")), "" },
        { "half of it by patch", "eg=1.9", Shape.Policy("processingMode: {request: {body: Buffered}}") + "---\n" + Shape.Patches(("/typed_config/processing_mode/request_body_mode", "FULL_DUPLEX_STREAMED")), "EP056" },
        { "patches that a comment takes out", "eg=1.9", Shape.Patches(("/name", "x")) + "  # - operation: {path: request_body_mode, value: FULL_DUPLEX_STREAMED}\n", "" },
        { "a chart's buffered filter", "istio=1.28", Shape.EnvoyFilter(Shape.Filter("{request_header_mode: SEND, response_header_mode: SKIP, request_body_mode: BUFFERED, response_body_mode: NONE, request_trailer_mode: SKIP, response_trailer_mode: SKIP}")), "" },
        { "a chart's request in full duplex", "istio=1.28", Shape.EnvoyFilter(Shape.Filter("{request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND, response_body_mode: NONE}", ", allow_mode_override: true")), "EP104" },
        { "a chart whose response lacks trailers", "istio=1.28", Shape.EnvoyFilter(Shape.Filter("{request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND, response_body_mode: FULL_DUPLEX_STREAMED, response_trailer_mode: SKIP}")), "EP001" },
        { "a chart in full duplex", "istio=1.28", Shape.EnvoyFilter(Shape.Filter(Shape.FullDuplex)), "" },
        { "a chart for GKE", "gcp", Shape.Google("RequestHeaders, RequestBody, RequestTrailers", "requestBodySendMode: FullDuplexStreamed"), "" },
        { "a chart for GKE without the trailers", "gcp", Shape.Google("RequestHeaders, RequestBody", "requestBodySendMode: FullDuplexStreamed"), "EP057" },
        { "a proxy of its own", "envoy=1.36", Shape.Bootstrap(Shape.Filter(Shape.FullDuplex)), "" },
        { "kgateway", "kgateway=2.3", Shape.Kgateway("GatewayExtension", "{requestHeaderMode: SEND, responseHeaderMode: SKIP}"), "" },
        { "kgateway in full duplex without trailers", "kgateway=2.3", Shape.Kgateway("GatewayExtension", "{requestBodyMode: FULL_DUPLEX_STREAMED}"), "EP001" },
        { "kgateway's route in full duplex without trailers", "kgateway=2.3", Shape.Kgateway("TrafficPolicy", "{requestBodyMode: FULL_DUPLEX_STREAMED}"), "EP101" },
        { "a wrong message on a route", "envoy=1.40", $"{{name: r, match: {{prefix: /}}, typed_per_filter_config: {{ext_proc: {Shape.Filter("{}")}}}}}", "EP015" },
    };

    /// <summary>Changes to a valid full-duplex filter that Envoy refuses.</summary>
    public static TheoryData<string, string> Damages => new()
    {
        { ", request_trailer_mode: SEND", "" },
        { "response_trailer_mode: SEND", "response_trailer_mode: SKIP" },
        { "grpc_service: {envoy_grpc: {cluster_name: processor}}", "http_service: {http_service: {http_uri: {uri: \"http://p\", cluster: processor, timeout: 1s}}}" },
        { "processing_mode:", "disable_clear_route_cache: true, route_cache_action: RETAIN, processing_mode:" },
        { "FULL_DUPLEX_STREAMED, request", "FULLDUPLEX, request" },
        { "processing_mode:", "processing_modes:" },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void A_shape_gets_the_errors_and_warnings_that_it_deserves(string shape, string target, string text, string expected)
    {
        Finding[] found = Findings(text, target);
        Assert.True(expected == string.Join(' ', found.Select(finding => finding.Rule.Id)), $"{shape}: expected [{expected}], found\n{string.Join('\n', found.Select(finding => $"{finding.Rule.Id} {finding.Pointer} {finding.Message}"))}");
    }

    [Theory, MemberData(nameof(Damages))]
    public void A_damaged_filter_is_refused_on_every_surface_that_holds_one(string right, string wrong)
    {
        string filter = Shape.Filter(Shape.FullDuplex), damaged = filter.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(filter, damaged);
        string[] surfaces = [filter, Shape.Bootstrap(filter), Shape.Patches(("", $"{{name: x, typed_config: {filter}}}"))];
        Assert.All(surfaces, surface => Assert.DoesNotContain(Findings(surface, "envoy=1.40"), finding => finding.Severity == Severity.Error));
        Assert.All(surfaces, surface => Assert.Contains(Findings(surface.Replace(filter, damaged, StringComparison.Ordinal), "envoy=1.40"), finding => finding.Severity == Severity.Error));
    }

    /// <summary>Overlays for several clusters hold the same objects; they never meet in one.</summary>
    [Fact]
    public void Copies_of_an_object_do_not_contradict_each_other()
    {
        string[] texts =
        [
            Shape.Patches(("/typed_config/message_timeout", "1s")), Shape.Patches(("/typed_config/message_timeout", "2s")),
            Shape.Policy("processingMode: {request: {}}"), Shape.Policy("processingMode: {response: {}}"),
        ];
        Assert.DoesNotContain(
            Linter.Lint(texts.Select((text, at) => new SourceText($"{at}.yaml", text)), Target.Newest, new LintOptions()).Findings,
            finding => finding.Severity != Severity.Hint);
    }

    /// <summary>Dynamic configuration drops what it does not know; what the filter itself refuses it refuses there too.</summary>
    [Fact]
    public void A_filter_without_its_trailers_is_refused_in_dynamic_configuration_too()
    {
        string damaged = Shape.Filter(Shape.FullDuplex).Replace(", request_trailer_mode: SEND", "", StringComparison.Ordinal);
        Assert.All([Shape.Listeners(damaged), Shape.EnvoyFilter(damaged)], text => Assert.Contains(Findings(text, "envoy=1.40"), finding => finding.Rule.Id == "EP001"));
    }

    [Theory]
    [InlineData("apiVersion: projectcontour.io/v1alpha1\nkind: ExtensionService\nmetadata: {name: x}\nspec: {services: [{name: p, port: 1}]}\n")]
    [InlineData("apiVersion: getambassador.io/v3alpha1\nkind: Filter\nmetadata: {name: x}\nspec: {External: {auth_service: x}}\n")]
    [InlineData("apiVersion: microgateway.airlock.com/v1alpha1\nkind: EnvoyExtensionPolicy\nmetadata: {name: x}\nspec: {extProc: {anything: 1}}\n")]
    [InlineData("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n")]
    public void Kinds_that_have_nothing_to_do_with_ext_proc_get_nothing(string text) =>
        Assert.Empty(Linter.Lint([new SourceText("a.yaml", text)], Target.Newest, new LintOptions()).Findings);

    private static Finding[] Findings(string text, string target) =>
        [.. Linter.Lint([new SourceText("a.yaml", text)], Target.Parse(target)!, new LintOptions()).Findings.Where(finding => finding.Severity != Severity.Hint)];
}
