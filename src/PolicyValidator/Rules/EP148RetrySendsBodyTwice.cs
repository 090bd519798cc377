using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Retries of a route whose request body is streamed through a processor.</summary>
internal sealed class EP148RetrySendsBodyTwice : Rule
{
    public override string Id => "EP148";
    public override string Name => "retry-sends-body-twice";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A route with a retry_policy should not stream request bodies with trailers through ext_proc.";
    public override string Why =>
        "When a request has trailers, Envoy sends its body to the upstream twice in a row, even when the first attempt succeeds: the upstream gets \"aabb\" for \"ab\". BUFFERED bodies and requests without trailers are right.";
    public override IReadOnlyList<string> Sources => ["RouteAction.retry_policy", "Envoy issue 45470"];
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
              route:
                cluster: app
                retry_policy: {retry_on: 5xx} # EP148
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: STREAMED
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
              route:
                cluster: app
                retry_policy: {retry_on: 5xx}
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: BUFFERED
              request_trailer_mode: SEND
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        (from routed in RoutedFilter.All(context.Policies)
        where routed.Filter.Place is not FilterPlace.UpstreamHttpFilters
            && routed.RetryPolicy is not null
            && routed.Mode.HasBody(Direction.Request, "STREAMED", "FULL_DUPLEX_STREAMED")
            // A full-duplex body must have its trailers, and an observer's answers are not waited for.
            && (routed.Mode.SendsTrailers(Direction.Request) || routed.Mode.HasBody(Direction.Request, "FULL_DUPLEX_STREAMED"))
            && !routed.Filter.IsObserver
        select AtKey(
            routed.Filter.Document,
            routed.RetryPolicy!,
            $"this route retries, and the request body is {routed.Mode.Body(Direction.Request).Value} through ext_proc with trailers",
            $"delete the retry_policy for this route, or use request_body_mode: BUFFERED{(routed.Mode.HasBody(Direction.Request, "STREAMED") ? ", or use request_trailer_mode: SKIP" : " with SKIP for its trailers")}")).OncePerPlace();
}
