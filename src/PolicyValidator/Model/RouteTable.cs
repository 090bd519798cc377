using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>One way through a connection manager's inline route configuration.</summary>
/// <param name="Configuration">The route configuration.</param>
/// <param name="VirtualHost">The virtual host.</param>
/// <param name="Route">The route.</param>
/// <param name="WeightedCluster">The cluster of a weighted cluster; null when the route has one target.</param>
internal sealed record RoutePath(MappingNode Configuration, MappingNode VirtualHost, MappingNode Route, MappingNode? WeightedCluster)
{
    /// <summary>Where per-route configuration may stand, the most general first.</summary>
    public IEnumerable<MappingNode> Levels => new[] { Configuration, VirtualHost, Route, WeightedCluster }.OfType<MappingNode>();

    /// <summary>The route's <c>route</c> action; null for a redirect or a direct response.</summary>
    public MappingNode? Action => Route.Field("route") as MappingNode;

    /// <summary>The cluster it leads to; null when the document does not name one.</summary>
    public string? Cluster =>
        WeightedCluster?.Field("name").Text ?? Action?.Field("cluster").Text;
}

/// <summary>The routes that stand inside a connection manager; discovered ones are not known.</summary>
internal static class RouteTable
{
    /// <summary>All ways through the inline route configuration.</summary>
    public static IEnumerable<RoutePath> Of(MappingNode? connectionManager) =>
        connectionManager?.Field("route_config") is MappingNode configuration
            ? configuration.Field("virtual_hosts").Mappings.SelectMany(host =>
                host.Field("routes").Mappings.SelectMany(route => Paths(configuration, host, route)))
            : [];

    private static IEnumerable<RoutePath> Paths(MappingNode configuration, MappingNode host, MappingNode route)
    {
        Node? weighted = ((route.Field("route") as MappingNode)?.Field("weighted_clusters") as MappingNode)?.Field("clusters");
        MappingNode[] targets = [.. weighted.Mappings];
        return targets.Length == 0
            ? [new(configuration, host, route, null)]
            : targets.Select(target => new RoutePath(configuration, host, route, target));
    }
}
