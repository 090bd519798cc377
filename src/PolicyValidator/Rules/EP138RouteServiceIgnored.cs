namespace PolicyValidator.Rules;

/// <summary>A gRPC service per route under a filter that speaks HTTP.</summary>
internal sealed class EP138RouteServiceIgnored : Rule
{
    public override string Id => "EP138";
    public override string Name => "route-service-ignored";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.32");
    public override string Summary => "A per-route grpc_service does nothing when the filter uses http_service.";
    public override string Why =>
        "The filter keeps its HTTP client: such a route is served by the http_service of the filter and not by its own processor.";
    public override IReadOnlyList<string> Sources => ["ExtProcOverrides.grpc_service", "ExternalProcessor.http_service"];
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
                    grpc_service: {envoy_grpc: {cluster_name: other}} # EP138
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            http_service:
              http_service:
                http_uri: {uri: "http://processor:9000", cluster: processor, timeout: 1s}
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
                    grpc_service: {envoy_grpc: {cluster_name: other}}
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
        where route.Config.Has("overrides.grpc_service") && route.Filters.Any(filter => filter.Config.Has("http_service"))
        select AtKey(
            route.Document,
            route.Config.PlaceOf("overrides.grpc_service"),
            "grpc_service has no effect on this route, because the filter uses http_service",
            "give the filter a grpc_service in place of its http_service, or stand a second ext_proc filter beside it for these routes") with
        {
            Related = [.. route.Filters.Where(filter => filter.Config.Has("http_service")).Select(filter => RelatedPlace.At(filter.Document, filter.Config.PlaceOf("http_service"), "the filter"))],
        };
}
