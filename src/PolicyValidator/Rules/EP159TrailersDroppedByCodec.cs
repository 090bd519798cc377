using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Trailers that the HTTP/1.1 codec drops.</summary>
internal sealed class EP159TrailersDroppedByCodec : Rule
{
    public override string Id => "EP159";
    public override string Name => "trailers-dropped-by-codec";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "Sending trailers needs enable_trailers where clients speak HTTP/1.1.";
    public override string Why =>
        "Without http_protocol_options.enable_trailers the HTTP/1.1 codec drops trailers: the processor never gets the request trailers of an HTTP/1.1 client, and what it does to response trailers never reaches one.";
    public override IReadOnlyList<string> Sources => ["Http1ProtocolOptions.enable_trailers", "ProcessingMode.request_trailer_mode, response_trailer_mode"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config:
          virtual_hosts:
          - name: all
            domains: ["*"]
            routes:
            - match: {prefix: /}
              route: {cluster: app}
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_trailer_mode: SEND # EP159
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;
    public override string Good => """
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
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_trailer_mode: SEND
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        where filter.Place is not FilterPlace.UpstreamHttpFilters && filter.ConnectionManager is { } manager && DropsTrailers(manager)
        let mode = WrittenMode.Of(filter)
        from direction in Direction.Both
        // In full duplex Envoy demands SEND, also where no trailers will come.
        where mode.SendsTrailers(direction) && !mode.HasBody(direction, "FULL_DUPLEX_STREAMED")
        select At(
            filter.Document,
            mode.Trailers(direction).Place,
            $"{direction.TrailerMode} is SEND, but this connection manager drops the trailers of HTTP/1.1",
            "set http_protocol_options: {enable_trailers: true} in the connection manager, or codec_type: HTTP2 if no client speaks HTTP/1.1");

    private static bool DropsTrailers(MappingNode manager) =>
        manager.Field("codec_type").Text?.ToUpperInvariant() is null or "AUTO" or "HTTP1" or "0" or "1"
        && !((manager.Field("http_protocol_options") as MappingNode)?.Field("enable_trailers")).IsTrue;
}
