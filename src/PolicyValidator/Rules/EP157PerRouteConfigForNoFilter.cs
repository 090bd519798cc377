using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A per-route configuration whose key is the name of no ext_proc filter.</summary>
internal sealed class EP157PerRouteConfigForNoFilter : Rule
{
    private const int MostNamed = 8;

    public override string Id => "EP157";
    public override string Name => "per-route-config-for-no-filter";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "The key of a per-route configuration has to be the ext_proc filter's name in http_filters.";
    public override string Why =>
        "Envoy looks per-route configuration up by the name that the filter has in its list. Under any other key it is accepted and has no effect: the route is processed, or not disabled, as if it were not there.";
    public override IReadOnlyList<string> Sources => ["Route.typed_per_filter_config", "HttpFilter.name"];
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
                envoy.filters.http.ext_proc: # EP157
                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
                  overrides:
                    grpc_initial_metadata: [{key: route, value: a}]
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
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
                    grpc_initial_metadata: [{key: route, value: a}]
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from manager in context.Policies.Overrides
            .Where(route => route.Key is not null && route.ConnectionManager is not null && route.Filters.Count == 0)
            .GroupBy(route => route.ConnectionManager!)
        let names = FilterNames.ThatTakeOverrides(context.Policies, manager.Key)
        let known = names.ToHashSet(StringComparer.Ordinal)
        from route in manager
        where !known.Contains(route.Key!.Value)
        select AtKey(
            route.Document,
            KeyedValue(route),
            $"\"{route.Key!.Value}\" is the name of no ext_proc filter of this connection manager",
            names.Count == 0 ? "add an ext_proc filter of this name, or delete this" : $"use the name in http_filters: {Named(names)}");

    /// <summary>The first names of many say what names are like.</summary>
    private static string Named(IReadOnlyList<string> names) =>
        string.Join(" or ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" or one of {names.Count - MostNamed} more" : "");

    /// <summary>The value under the key; the configuration itself may stand inside a FilterConfig or a TypedStruct.</summary>
    private static Node KeyedValue(ExtProcOverride route)
    {
        Node node = route.Config.Node ?? route.Owner!;
        while (node.Parent is { } parent && !ReferenceEquals(node.Entry?.Key, route.Key))
        {
            node = parent;
        }

        return node;
    }
}
