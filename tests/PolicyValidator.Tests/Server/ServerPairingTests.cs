using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Server;

/// <summary>Which filters a server's configuration is held against, and what is said where that is not sure.</summary>
public sealed class ServerPairingTests
{
    private const string Server = """
        listen: 0.0.0.0:9002
        pipeline:
        - name: replace
          text: secret
          in: request

        """;

    private const string NoBody = "grpc_service: {envoy_grpc: {cluster_name: first}}\n";
    private const string Buffered = "grpc_service: {envoy_grpc: {cluster_name: second}}\nprocessing_mode: {request_body_mode: BUFFERED}\n";

    [Fact]
    public void The_only_filter_is_meant_and_the_finding_names_both_files()
    {
        Finding finding = Assert.Single(Found(("extproc.yaml", Server), ("filter.yaml", NoBody)));
        Assert.Equal((Severity.Warning, "filter.yaml"), (finding.Severity, finding.Source.Name));
        Assert.Equal(("extproc.yaml", 3), (finding.Related[0].Source.Name, finding.Related[0].Source.PositionAt(finding.Related[0].Span.Start).Line));
    }

    [Fact]
    public void Of_several_filters_one_that_fits_is_enough() =>
        Assert.Empty(Found(("extproc.yaml", Server), ("one.yaml", NoBody), ("two.yaml", Buffered)));

    [Fact]
    public void Where_none_of_several_filters_fits_it_is_a_hint() =>
        Assert.Equal(Severity.Hint, Assert.Single(Found(("extproc.yaml", Server), ("one.yaml", NoBody), ("two.yaml", NoBody))).Severity);

    [Fact]
    public void A_filter_whose_cluster_has_the_server_s_port_is_meant_among_others()
    {
        string Bootstrap(string port) => """
            static_resources:
              listeners:
              - name: http
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: http
                      route_config: {}
                      http_filters:
                      - name: ext_proc
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                          grpc_service: {envoy_grpc: {cluster_name: processor}}
                      - name: router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
              clusters:
              - name: processor
                http2_protocol_options: {}
                load_assignment:
                  cluster_name: processor
                  endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: PORT}}}}]}]

            """.Replace("PORT", port, StringComparison.Ordinal);
        Assert.Equal(Severity.Warning, Assert.Single(Found(("extproc.yaml", Server), ("one.yaml", Buffered), ("two.yaml", Bootstrap("9002")))).Severity);
        Assert.Empty(Found(("extproc.yaml", Server), ("one.yaml", Buffered), ("two.yaml", Bootstrap("9003"))));
    }

    [Theory]
    [InlineData("true", "true", 0)]
    [InlineData("true", "false", 1)]
    [InlineData("false", "true", 1)]
    public void A_server_that_may_ask_for_modes_gets_what_it_needs_where_Envoy_obeys(string asks, string obeys, int count) => Assert.Equal(count, Found(
        ("extproc.yaml", $"{Server}envoy: {{allowModeOverride: {asks}}}\n"), ("filter.yaml", $"{NoBody}allow_mode_override: {obeys}\n")).Count(finding => finding.Rule.Id == "EP184"));

    [Fact]
    public void A_route_that_sends_the_body_is_enough() => Assert.Empty(Found(
        ("extproc.yaml", Server), ("filter.yaml", NoBody), ("route.yaml", "overrides: {processing_mode: {request_body_mode: BUFFERED}}\n")));

    [Fact]
    public void The_server_s_file_may_stand_in_a_ConfigMap_and_the_filter_be_Envoy_Gateway_s()
    {
        string policy = """
            apiVersion: gateway.envoyproxy.io/v1alpha1
            kind: EnvoyExtensionPolicy
            metadata: {name: p}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}]
              extProc:
              - backendRefs: [{name: p, port: 9002}]
                processingMode:
                  request: {}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: p}
            data:
              extproc.yaml: |

            """ + string.Concat(Server.Split('\n').Where(line => line.Length > 0).Select(line => $"    {line}\n"));
        Finding finding = Assert.Single(Found(("all.yaml", policy)));
        Assert.Equal("/data/extproc.yaml/pipeline/0/name", finding.Related[0].Pointer);
        Assert.EndsWith(", as Envoy Gateway 1.9.1 makes it", finding.Message, StringComparison.Ordinal);
        Assert.Contains("body: Buffered", finding.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipeline: []\n")]
    [InlineData("pipeline:\n- name: mine\n")]
    [InlineData("pipeline: 5\nenvoy: {}\n")]
    [InlineData("envoy: {processingMode: [], messageTimeout: {}, requestAttributes: x}\n")]
    [InlineData("limits: {handlerTimeout: [1]}\nenvoy: {}\n")]
    public void What_the_server_itself_would_refuse_says_nothing_here(string server) =>
        Assert.Empty(Found(("extproc.yaml", server), ("filter.yaml", NoBody)));

    [Theory]
    [InlineData("admin: {}\npipeline:\n- name: x\nstatic_resources: {}\n")]
    [InlineData("name: ci\npipeline:\n- name: replace\n  text: secret\n")]
    public void Other_files_with_a_pipeline_are_not_the_server_s(string other) =>
        Assert.Empty(Found(("other.yaml", other), ("filter.yaml", NoBody)));

    private static Finding[] Found(params (string Name, string Text)[] files) =>
    [
        .. Linter.Lint(files.Select(file => new SourceText(file.Name, file.Text)), Target.Newest, new LintOptions()).Findings
            .Where(finding => finding.Rule.Id is "EP184" or "EP185" or "EP186"),
    ];
}
