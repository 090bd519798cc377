using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Server;

/// <summary>How Envoy's connections to the server are wrapped: the server has cleartext listeners.</summary>
public sealed class ServerTransportTests
{
    private const string Server = "listen: 127.0.0.1:9000\nlimits: {handlerTimeout: 100ms}\npipeline:\n- {name: replace, text: secret, in: request}\n";

    private const string Tls = """{name: tls, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, sni: processor}}""";

    private const string Raw = """{name: raw, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}""";

    [Theory]
    [InlineData($"transport_socket: {Tls}", "TLS")]
    [InlineData("""transport_socket: {name: tls, typed_config: {"@type": type.googleapis.com/xds.type.v3.TypedStruct, type_url: type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, value: {sni: a}}}""", "TLS")]
    [InlineData("""transport_socket: {name: quic, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.quic.v3.QuicUpstreamTransport}}""", "QUIC")]
    [InlineData($$$"""transport_socket: {name: proxy, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport, transport_socket: {{{Tls}}}}}""", "TLS")]
    [InlineData($$$"""transport_socket_matches: [{name: a, match: {}, transport_socket: {{{Tls}}}}], transport_socket: {{{Tls}}}""", "TLS")]
    public void A_cluster_that_encrypts_is_an_error(string transport, string protocol)
    {
        Finding finding = Assert.Single(Found(Bootstrap(transport)));
        Assert.Equal((Severity.Error, "envoy.yaml"), (finding.Severity, finding.Source.Name));
        Assert.StartsWith($"the cluster \"processor\" speaks {protocol}, ", finding.Message, StringComparison.Ordinal);
        Assert.Equal("extproc.yaml", finding.Related[0].Source.Name);
    }

    [Theory]
    [InlineData("connect_timeout: 1s")]
    [InlineData($"transport_socket: {Raw}")]
    [InlineData($$$"""transport_socket_matches: [{name: a, match: {}, transport_socket: {{{Tls}}}}, {name: b, match: {}, transport_socket: {{{Raw}}}}]""")]
    [InlineData($$$"""transport_socket_matches: [{name: a, match: {a: b}, transport_socket: {{{Tls}}}}]""")]
    public void A_cluster_that_may_speak_cleartext_is_not_judged(string transport) => Assert.Empty(Found(Bootstrap(transport)));

    [Theory]
    [InlineData("channel_credentials: {ssl_credentials: {}}", 1)]
    [InlineData("channel_credentials: {google_default: {}}", 1)]
    [InlineData("channel_credentials: {local_credentials: {}}", 0)]
    [InlineData("credentials_factory_name: x", 0)]
    public void Credentials_of_google_grpc_encrypt_too(string credentials, int count) =>
        Assert.Equal(count, Found($"grpc_service: {{google_grpc: {{target_uri: \"127.0.0.1:9000\", stat_prefix: p, {credentials}}}}}\n").Length);

    [Fact]
    public void A_cluster_that_an_EnvoyFilter_adds_is_looked_at() => Assert.Single(Found($$$"""
        apiVersion: networking.istio.io/v1alpha3
        kind: EnvoyFilter
        metadata: {name: a}
        spec:
          configPatches:
          - applyTo: HTTP_FILTER
            patch:
              operation: INSERT_FIRST
              value:
                name: ext_proc
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                  grpc_service: {envoy_grpc: {cluster_name: processor}}
          - applyTo: CLUSTER
            patch:
              operation: ADD
              value: {name: processor, http2_protocol_options: {}, transport_socket: {{{Tls}}}}
        """));

    [Fact]
    public void Of_several_filters_one_in_cleartext_is_enough() =>
        Assert.Empty(Found(Bootstrap($"transport_socket: {Tls}") + "---\ngrpc_service: {envoy_grpc: {cluster_name: other}}\n"));

    private static string Bootstrap(string transport) => $$$"""
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
          - {name: processor, http2_protocol_options: {}, {{{transport}}}}

        """;

    private static Finding[] Found(string envoy) =>
    [
        .. Linter.Lint([new SourceText("extproc.yaml", Server), new SourceText("envoy.yaml", envoy)], Target.Newest, new LintOptions()).Findings.Where(finding => finding.Rule.Id == "EP027"),
    ];
}
