using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.EnvoyGateway;

/// <summary>A patch that leads to nothing is told of, as far as it is known what the listener holds.</summary>
public sealed class VainPathTests
{
    private const string Mode = ".typed_config.processing_mode";
    private const string Whole = "envoy.filters.http.ext_proc/envoyextensionpolicy/demo/picker/extproc/";

    [Theory]
    [InlineData("..http_filters[?(@.name == 'envoy.filters.http.ext_proc')]" + Mode)]
    [InlineData("..http_filters[?(@.name == '" + Whole + "1')]" + Mode)]
    [InlineData("..http_filters[?match(@.name, 'ext_proc')]" + Mode)]
    [InlineData("..http_filters[?(@.name =~ 'extproc/3')]" + Mode)]
    [InlineData("..http_filters[?search(@.name, 'nothing')]" + Mode)]
    [InlineData("..httpFilters[?(@.name == '" + Whole + "0')]" + Mode)]
    [InlineData("..http_filters[?(@.name == '" + Whole + "0')].typedConfig.processing_mode")]
    [InlineData("$.defaultFilterChain.filters[0]")]
    public void What_cannot_be_there_is_warned_of(string path) => Assert.Equal([Severity.Warning], Found(path, "Gateway", "edge"));

    [Theory]
    [InlineData("..http_filters[?(@.name == '" + Whole + "0')]" + Mode)]
    [InlineData("..http_filters[?match(@.name, '.*extproc/0')]" + Mode)]
    [InlineData("..http_filters[?(@.name =~ 'ext_proc')]" + Mode)]
    [InlineData("..http_filters[9]" + Mode)]
    [InlineData("..http_filters[?(@.name == 'envoy.filters.http.router')].typed_config")]
    [InlineData("..http_filters[?(@.disabled == true)]" + Mode)]
    [InlineData("$.listener_filters[0]")]
    public void What_may_be_there_is_not(string path) => Assert.Equal([], Found(path, "Gateway", "edge"));

    [Theory]
    [InlineData("..http_filters[?(@.name == 'envoy.filters.http.ext_proc')]" + Mode, "HTTPRoute", "somewhere", 1)]
    [InlineData("..http_filters[?(@.name == 'envoy.filters.http.ext_proc/envoyextensionpolicy/demo/other/extproc/0')]" + Mode, "Gateway", "edge", 1)]
    [InlineData("..http_filters[?(@.name == 'envoy.filters.http.ext_proc/envoyextensionpolicy/demo/other/extproc/0')]" + Mode, "HTTPRoute", "somewhere", 0)]
    [InlineData("..http_filters[?(@.name == 'envoy.filters.http.ext_proc')]" + Mode, "Gateway", "elsewhere", 0)]
    public void What_other_files_may_bring_is_a_hint_at_most(string path, string kind, string name, int hints) =>
        Assert.Equal(Enumerable.Repeat(Severity.Hint, hints), Found(path, kind, name));

    [Fact]
    public void A_filter_that_another_patch_puts_in_may_be_meant()
    {
        const string other = """
              - type: type.googleapis.com/envoy.config.listener.v3.Listener
                name: demo/edge/http
                operation:
                  op: add
                  path: /default_filter_chain/filters/0/typed_config/http_filters/0
                  value:
                    name: envoy.filters.http.ext_proc
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor, grpc_service: {envoy_grpc: {cluster_name: p} } }
            """;
        Assert.Equal([], Found("..http_filters[?(@.name == 'envoy.filters.http.ext_proc')]" + Mode, "Gateway", "edge", other + "\n"));
    }

    private static IEnumerable<Severity> Found(string path, string targetKind, string targetName, string other = "")
    {
        string text = $$"""
            apiVersion: gateway.envoyproxy.io/v1alpha1
            kind: EnvoyPatchPolicy
            metadata: {name: patch, namespace: demo}
            spec:
              targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: edge}
              type: JSONPatch
              jsonPatches:
            {{other}}  - type: type.googleapis.com/envoy.config.listener.v3.Listener
                name: demo/edge/http
                operation:
                  op: add
                  jsonPath: "{{path}}"
                  path: /request_body_mode
                  value: BUFFERED
            ---
            apiVersion: gateway.envoyproxy.io/v1alpha1
            kind: EnvoyExtensionPolicy
            metadata: {name: picker, namespace: demo}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: {{targetKind}}, name: {{targetName}}}]
              extProc: [{backendRefs: [{name: picker, port: 9002}], processingMode: {request: {} } }]

            """;
        return Linter.Lint([new SourceText("a.yaml", text)], Target.Parse("eg=1.9")!, new LintOptions()).Findings
            .Where(finding => finding.Rule is EP161PatchFindsNothing)
            .Select(finding => finding.Severity);
    }
}
