using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Two ext_proc filters in a row, one of them in full duplex.</summary>
internal sealed class EP149TwoFiltersLoseStreamedBody : Rule
{
    public override string Id => "EP149";
    public override string Name => "two-filters-lose-streamed-body";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Between("1.33", "1.38");
    public override Target ExampleTarget => Target.Parse("envoy=1.38")!;
    public override string Summary => "Before 1.39 two ext_proc filters must not both stream a body, one of them in FULL_DUPLEX_STREAMED.";
    public override string Why =>
        "Bodies are truncated or arrive empty, with status 200 and no error, or the stream stalls; on 1.38 this needs trailers or a slow processor. 1.39.3 and 1.40.0 are right.";
    public override IReadOnlyList<string> Sources => ["Envoy issues 41654, 44605 and 45617"];
    public override string Bad => """
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
              request_body_mode: STREAMED
        - name: second
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: FULL_DUPLEX_STREAMED # EP149
              request_trailer_mode: SEND
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
        - name: first
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: BUFFERED
        - name: second
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: FULL_DUPLEX_STREAMED
              request_trailer_mode: SEND
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from stacked in StackedFilter.All(context.Policies, (upper, lower) => Direction.Both.Any(direction => Clash(upper, lower, direction)))
        let directions = stacked.Directions(Clash)
        select At(
            stacked.Filter.Document,
            stacked.Mode.Body(directions[0]).Place,
            $"{string.Join(" and ", directions.Select(direction => $"{direction.BodyMode} is {stacked.Mode.Body(direction).Value}"))} here, and streamed by {stacked.Others} too",
            $"use Envoy 1.39 or later, or BUFFERED with SKIP for its trailers in {stacked.AllButOne}") with
        {
            Related = stacked.Places(mode => mode.Body(directions[0]).Place),
        };

    private static bool Clash(WrittenMode upper, WrittenMode lower, Direction direction) =>
        upper.HasBody(direction, "STREAMED", "FULL_DUPLEX_STREAMED") && lower.HasBody(direction, "STREAMED", "FULL_DUPLEX_STREAMED")
        && (upper.HasBody(direction, "FULL_DUPLEX_STREAMED") || lower.HasBody(direction, "FULL_DUPLEX_STREAMED"));
}
