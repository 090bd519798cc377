using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Two ext_proc filters in a row that both see request trailers, and an HTTP/1.1 upstream.</summary>
internal sealed class EP176TwoFiltersDoubleLastChunk : Rule
{
    public override string Id => "EP176";
    public override string Name => "two-filters-double-last-chunk";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Between("1.39", "1.40");
    public override string Summary => "On 1.39 and 1.40 two ext_proc filters that only see headers and trailers can break pooled HTTP/1.1 connections.";
    public override string Why =>
        "Sometimes a second last chunk follows the request trailers to an HTTP/1.1 upstream: the next request on that connection gets 503. Seen on 1.39.3 and 1.40.0.";
    public override IReadOnlyList<string> Sources => ["ProcessingMode.request_trailer_mode"];
    public override string Bad => """
        static_resources:
          listeners:
          - name: http
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: http
                  http_protocol_options: {enable_trailers: true}
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        route: {cluster: app}
                  http_filters:
                  - name: first
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}}
                      processing_mode:
                        request_trailer_mode: SEND
                  - name: second
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}}
                      processing_mode:
                        request_trailer_mode: SEND # EP176
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: app
          - name: processor
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}

        """;
    public override string Good => """
        static_resources:
          listeners:
          - name: http
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: http
                  http_protocol_options: {enable_trailers: true}
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        route: {cluster: app}
                  http_filters:
                  - name: first
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}}
                      processing_mode:
                        request_trailer_mode: SEND
                  - name: second
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}}
                      processing_mode:
                        request_trailer_mode: SEND
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: app
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
          - name: processor
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from same in StackedFilter.All(context.Policies, (upper, lower) => SeesOnlyTrailers(upper) && SeesOnlyTrailers(lower))
            .GroupBy(stacked => (stacked.Filter.ConnectionManager, stacked.Filter.Document))
        let clusters = Clusters.Of(context.Policies, same.Key.Document)
        where RouteTable.Of(same.Key.ConnectionManager).Any(path => path.Cluster is { } cluster && clusters.SpeakingHttp1(cluster) is not null)
        from stacked in same
        select At(
            stacked.Filter.Document,
            stacked.Mode.Trailers(Direction.Request).Place,
            $"request_trailer_mode is SEND here and in {stacked.Others}, and a route leads to an HTTP/1.1 cluster",
            $"set request_trailer_mode: SKIP in {stacked.AllButOne}, or speak HTTP/2 to the upstream") with
        {
            Related = stacked.Places(mode => mode.Trailers(Direction.Request).Place),
        };

    private static bool SeesOnlyTrailers(WrittenMode mode) =>
        mode.HasBody(Direction.Request, "NONE") && mode.HasBody(Direction.Response, "NONE") && mode.SendsTrailers(Direction.Request);
}
