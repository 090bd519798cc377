using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A route that can change after the request was authorized.</summary>
internal sealed class EP252RouteChangesAfterAuthorization : Rule
{
    public override string Id => "EP252";
    public override string Name => "route-changes-after-authorization";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "A processor that may have the route chosen again stands above the filters that authorize by route.";
    public override string Why => "A filter above has authorized the request for the route that it had; when the processor changes headers and the route cache is cleared, the request takes another route that nobody authorized.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.route_cache_action", "ExtAuthz", "RBAC", "JwtAuthentication"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config: {}
        http_filters:
        - name: ext_authz
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
            grpc_service: {envoy_grpc: {cluster_name: authz}}
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            route_cache_action: CLEAR # EP252
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config: {}
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            route_cache_action: CLEAR
        - name: ext_authz
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
            grpc_service: {envoy_grpc: {cluster_name: authz}}
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from neighbour in ChainNeighbour.All(context.Policies, "ext_authz", "rbac", "jwt_authn")
        let action = neighbour.Filter.Config.Enum("route_cache_action")
        where neighbour.IsAbove && action.Value == "CLEAR" && WrittenMode.Of(neighbour.Filter).SendsHeaders(Direction.Request)
        select At(
            neighbour.Filter.Document,
            action.Place,
            $"route_cache_action is CLEAR, and the filter \"{neighbour.Other.Name}\" above has authorized the request for the route that it had before",
            "put ext_proc above that filter, or use RETAIN if the route need not change") with
        {
            Related = [RelatedPlace.At(neighbour.Filter.Document, neighbour.Other.Node, "the filter above")],
        };
}
