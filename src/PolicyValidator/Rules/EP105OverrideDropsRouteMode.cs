using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A full-duplex route under a filter that lets the processor override the mode.</summary>
internal sealed class EP105OverrideDropsRouteMode : Rule
{
    public override string Id => "EP105";
    public override string Name => "override-drops-route-mode";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.33");
    public override string Summary => "A route in FULL_DUPLEX_STREAMED should not stand under a filter with allow_mode_override.";
    public override string Why =>
        "Envoy looks only at the filter's mode when it decides whether to take a mode_override, and merges it with the filter's mode: in the middle of the stream the route's modes are lost, an empty override switches bodies off, and gRPC response bodies are cut.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.allow_mode_override", "ExtProcOverrides.processing_mode", "ProcessingResponse.mode_override"];
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
              typed_per_filter_config:
                ext_proc:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
                  overrides:
                    processing_mode:
                      request_body_mode: FULL_DUPLEX_STREAMED # EP105
                      request_trailer_mode: SEND
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            allow_mode_override: true
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config:
          virtual_hosts:
          - name: all
            domains: ["*"]
            routes:
            - match: {prefix: /}
              route: {cluster: app}
              typed_per_filter_config:
                ext_proc:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
                  overrides:
                    processing_mode:
                      request_body_mode: FULL_DUPLEX_STREAMED
                      request_trailer_mode: SEND
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from route in context.Policies.Overrides
        let mode = WrittenMode.Of(route)
        where mode is not null && route.Filters.Any(IsOverridable)
        from direction in Direction.Both
        where mode.HasBody(direction, "FULL_DUPLEX_STREAMED")
        select At(
            route.Document,
            mode.Body(direction).Place,
            $"{direction.BodyMode} is FULL_DUPLEX_STREAMED on this route, and the filter has allow_mode_override: true with another mode",
            $"delete {route.Filters.First(IsOverridable).OverridePermission} from the filter, or make FULL_DUPLEX_STREAMED the filter's own mode") with
        {
            Related = [.. route.Filters.Where(IsOverridable).Select(filter => RelatedPlace.At(filter.Document, filter.Config.PlaceOf("allow_mode_override"), "the filter"))],
        };

    private static bool IsOverridable(ExtProcFilter filter) =>
        filter.Config.Bool("allow_mode_override").Value && !WrittenMode.Of(filter).HasBody("FULL_DUPLEX_STREAMED");
}
