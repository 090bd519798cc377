using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Surfaces;

namespace PolicyValidator.Tests.Reporting;

/// <summary>A file's report says what of ext_proc was read in it, on every surface.</summary>
public sealed class FoundExtProcTests
{
    private const string Mode = "{response_body_mode: BUFFERED}";

    public static TheoryData<string, string> Files => new()
    {
        { Shape.Bootstrap(Shape.Filter(Mode)), "1 filter (Bootstrap)" },
        { Shape.Listeners(Shape.Filter(Mode)), "1 filter (DiscoveryResponse)" },
        { $"name: x\ntyped_config: {Shape.Filter(Mode)}\n", "1 filter (HttpFilter)" },
        { Shape.Filter(Mode), "1 filter (ExternalProcessor)" },
        { $"[{{name: a, typed_config: {Shape.Filter(Mode)}}}, {{name: b, typed_config: {Shape.Filter(Mode)}}}]", "2 filters (http_filters)" },
        { Shape.PerRoute(Mode), "1 per-route config (ExtProcPerRoute)" },
        { $"a: {Shape.PerRoute(Mode)}\n", "1 per-route config (typed_per_filter_config)" },
        { Shape.Policy("processingMode: {request: {}}", "processingMode: {response: {}}"), "2 filters (EnvoyExtensionPolicy)" },
        { Shape.Policy("processingMode: {request: {body: WRONG}}"), "1 filter (EnvoyExtensionPolicy)" },
        { Shape.Patches(("", $"{{name: x, typed_config: {Shape.Filter(Mode)}}}")), "1 filter (EnvoyPatchPolicy)" },
        { Shape.Patches(("/typed_config/processing_mode/request_body_mode", "BUFFERED")), "1 patch (EnvoyPatchPolicy)" },
        { Shape.EnvoyFilter(Shape.Filter(Mode)), "1 filter (EnvoyFilter)" },
        { Shape.EnvoyFilter(Shape.Filter(Mode)).Replace("INSERT_FIRST", "MERGE", StringComparison.Ordinal), "1 patch (EnvoyFilter)" },
        { Shape.Kgateway("GatewayExtension", "{requestHeaderMode: SEND}"), "1 filter (GatewayExtension)" },
        { Shape.Kgateway("GatewayExtension", "{request_header_mode: SEND}"), "1 filter (GatewayExtension)" },
        { Shape.Kgateway("GatewayExtension", "{requestHeaderMode: send}"), "1 filter (GatewayExtension)" },
        { Shape.Kgateway("TrafficPolicy", "{requestBodyMode: BUFFERED}"), "1 per-route config (TrafficPolicy)" },
        { Shape.Kgateway("TrafficPolicy", "{requestBodyMode: 5}"), "1 per-route config (TrafficPolicy)" },
        { "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyPatchPolicy\nmetadata: {name: a}\nspec: {jsonPatches: [{type: type.googleapis.com/envoy.config.listener.v3.Listener, name: a, operation: {op: add, jsonPath: '..http_filters[0].typed_config.processing_mode', path: /request_body_mode, value: BUFFERED}}]}\n", "1 patch (EnvoyPatchPolicy)" },
        { Shape.Google("RequestHeaders", "requestBodySendMode: Streamed"), "1 extension (GCPTrafficExtension)" },
        { "extensionChains: [{extensions: [{name: a, supportedEvents: [REQUEST_HEADERS]}]}]\n", "1 extension (extensionChains)" },
        { "apiVersion: agentgateway.dev/v1alpha1\nkind: AgentgatewayPolicy\nmetadata: {name: a}\nspec: {traffic: {extProc: {backendRef: {name: a, port: 1}}}}\n", "1 policy (AgentgatewayPolicy)" },
        { "pipeline: [{name: replace}]\n", "1 pipeline (extproc.yaml)" },
        { $"apiVersion: cilium.io/v2\nkind: CiliumEnvoyConfig\nspec: {{resources: [{Shape.Filter(Mode)}]}}\n", "1 filter (CiliumEnvoyConfig)" },
        { $"apiVersion: v1\nkind: ConfigMap\ndata:\n  envoy: |\n    {Shape.Filter(Mode)}\n", "1 filter (ConfigMap)" },
        { $"proxy: {{filter: {Shape.Filter(Mode)}}}\n---\n{Shape.EnvoyFilter(Shape.Filter(Mode))}", "1 filter (ExternalProcessor), 1 filter (EnvoyFilter)" },
        { "a: b\n", "nothing of ext_proc in it" },
        { "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n", "nothing of ext_proc in it" },
    };

    [Theory, MemberData(nameof(Files))]
    public void The_line_of_a_file_says_what_was_read(string text, string read)
    {
        LintResult result = Linter.Lint([new SourceText("a.yaml", text)], Target.Newest, new LintOptions { Rules = [] });
        string written = ReportExample.Written("text", new LintReport(Target.Newest, FileReports.Of(result)));
        Assert.Equal($"a.yaml: clean, {read}", written.Split('\n')[0]);
    }

    [Fact]
    public void So_does_the_line_of_a_file_with_findings()
    {
        LintResult result = Linter.Lint([new SourceText("a.yaml", Shape.Filter("{request_body_mode: FULL_DUPLEX_STREAMED}"))], Target.Newest, new LintOptions());
        string written = ReportExample.Written("text", new LintReport(Target.Newest, FileReports.Of(result)));
        Assert.Contains("\na.yaml: 1 finding, 1 filter (ExternalProcessor)\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_says_it_in_parts()
    {
        LintResult result = Linter.Lint([new SourceText("a.yaml", Shape.EnvoyFilter(Shape.Filter(Mode)))], Target.Newest, new LintOptions { Rules = [] });
        string written = ReportExample.Written("json", new LintReport(Target.Newest, FileReports.Of(result)));
        Assert.Contains("\"found\":[{\"what\":\"filter\",\"in\":\"EnvoyFilter\",\"count\":1}]", string.Concat(written.Where(letter => !char.IsWhiteSpace(letter))), StringComparison.Ordinal);
    }
}
