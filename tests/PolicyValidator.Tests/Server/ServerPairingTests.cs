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
        limits: {handlerTimeout: 100ms}

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

    [Theory]
    [InlineData(2, "is NONE in this filter and the other one, and")]
    [InlineData(3, "is NONE in this filter and the 2 others, and")]
    public void Where_none_of_several_filters_fits_it_is_a_hint(int count, string message)
    {
        Finding finding = Assert.Single(Found([("extproc.yaml", Server), .. Enumerable.Range(1, count).Select(at => ($"{at}.yaml", NoBody))]));
        Assert.Equal(Severity.Hint, finding.Severity);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

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

    /// <summary>What is said of bodies that only an override would bring, by what both sides say of it.</summary>
    [Theory]
    [InlineData("allowModeOverride: true", "true", "", "EP140 Warning")]
    [InlineData("allowModeOverride: true, version: \"1.39.3\"", "true", "", "EP140 Warning")]
    [InlineData("allowModeOverride: true, version: \"1.40\"", "true", "", "")]
    [InlineData("allowModeOverride: true, version: \"1.40\"", "true", "onError: skip", "")]
    [InlineData("allowModeOverride: true", "true", "onError: skip", "")]
    [InlineData("allowModeOverride: true", "true", "onError: respond", "EP140 Warning")]
    [InlineData("allowModeOverride: true, trustModeOverride: true", "true", "", "EP172 Warning")]
    [InlineData("allowModeOverride: true, trustModeOverride: true, version: \"1.41\"", "true", "", "EP260 Hint")]
    [InlineData("allowModeOverride: true, trustModeOverride: true", "true", "onError: skip", "EP260 Hint")]
    [InlineData("allowModeOverride: true, trustModeOverride: true", "false", "", "EP080 Error, EP185 Warning")]
    [InlineData("allowModeOverride: true, trustModeOverride: true", "true\nallowed_override_modes: [{response_body_mode: BUFFERED}]", "", "EP080 Error")]
    [InlineData("allowModeOverride: true, trustModeOverride: true", "true\nallowed_override_modes: [{request_body_mode: BUFFERED}]", "", "EP172 Warning")]
    [InlineData("allowModeOverride: true, trustModeOverride: true", "true\nsend_body_without_waiting_for_header_response: true", "", "EP080 Error")]
    [InlineData("allowModeOverride: true", "false", "", "EP184 Warning, EP185 Warning")]
    public void An_override_that_bodies_depend_on_is_proven_or_it_is_told(string declared, string obeys, string step, string expected)
    {
        string server = Server.Replace("in: request\n", $"in: request\n{(step.Length > 0 ? $"  {step}\n" : "")}", StringComparison.Ordinal);
        string[] rules = ["EP080", "EP140", "EP172", "EP184", "EP185", "EP260"];
        IEnumerable<string> found = Linter.Lint([new SourceText("extproc.yaml", $"{server}envoy: {{{declared}}}\n"), new SourceText("filter.yaml", $"{NoBody}allow_mode_override: {obeys}\n")], Target.Newest, new LintOptions())
            .Findings.Where(finding => rules.Contains(finding.Rule.Id)).Select(finding => $"{finding.Rule.Id} {finding.Severity}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, string.Join(", ", found));
    }

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
        Assert.Empty(Found(("extproc.yaml", server), ("filter.yaml", NoBody + "message_timeout: 15s\n")));

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
