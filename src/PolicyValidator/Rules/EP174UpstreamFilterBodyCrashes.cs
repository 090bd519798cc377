using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An upstream ext_proc filter that gets bodies.</summary>
internal sealed class EP174UpstreamFilterBodyCrashes : Rule
{
    public override string Id => "EP174";
    public override string Name => "upstream-filter-body-crashes";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.30");
    public override string Summary => "An ext_proc filter among the upstream filters must not process bodies.";
    public override string Why =>
        "Envoy crashes (segmentation fault) with bodies near 1 MiB or many at once, not every time; also on 1.37, 1.39 and 1.40 in FULL_DUPLEX_STREAMED when the client leaves in the middle of a request. Seen on 1.36.4, 1.37.0, 1.38.3, 1.39.3 and 1.40.0.";
    public override IReadOnlyList<string> Sources => ["Router.upstream_http_filters", "HttpProtocolOptions.http_filters"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        http_filters:
        - name: router
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            upstream_http_filters:
            - name: ext_proc
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                grpc_service: {envoy_grpc: {cluster_name: processor}}
                processing_mode:
                  request_body_mode: BUFFERED # EP174
            - name: codec
              typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec}

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        http_filters:
        - name: router
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            upstream_http_filters:
            - name: ext_proc
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                grpc_service: {envoy_grpc: {cluster_name: processor}}
                processing_mode:
                  request_body_mode: NONE
            - name: codec
              typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        where filter.Place is FilterPlace.UpstreamHttpFilters
        let mode = WrittenMode.Of(filter)
        from direction in Direction.Both
        where !mode.HasBody(direction, "NONE")
        select At(
            filter.Document,
            mode.Body(direction).Place,
            $"{direction.BodyMode} is {mode.Body(direction).Value} in an upstream filter, where bodies can crash Envoy",
            "use NONE here, or move the filter to http_filters of the connection manager");
}
