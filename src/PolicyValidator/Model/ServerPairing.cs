namespace PolicyValidator.Model;

/// <summary>A server's configuration and the filters that may lead to it.</summary>
/// <param name="Server">The server.</param>
/// <param name="Filters">The filters; at least one.</param>
/// <param name="IsSure">Whether all of them are sure to: the only ones among the inputs, or those that lead to its port.</param>
internal sealed record ServerPairing(ServerConfig Server, IReadOnlyList<ExtProcFilter> Filters, bool IsSure)
{
    /// <summary>All of a run.</summary>
    public static IEnumerable<ServerPairing> All(PolicySet policies)
    {
        ExtProcFilter[] filters = [.. policies.Filters.Where(filter => !filter.Config.Has("http_service"))];
        foreach (ServerConfig server in filters.Length == 0 ? [] : policies.Servers)
        {
            ExtProcFilter[] byPort = [.. filters.Where(filter => LeadsTo(filter, server))];
            ExtProcFilter[] meant = byPort.Length > 0 ? byPort : filters;
            bool isOne = meant.DistinctBy(filter => (filter.Document.Source, filter.Config.String("grpc_service.envoy_grpc.cluster_name").Value)).Count() == 1;
            yield return new(server, meant, isOne && (policies.Servers.Count == 1 || byPort.Length > 0));
        }
    }

    /// <summary>The modes that a filter has, on its own and on routes; those of routes only where they replace it.</summary>
    public static IEnumerable<WrittenMode> ModesOf(PolicySet policies, ExtProcFilter filter) =>
    [
        WrittenMode.Of(filter),
        .. policies.Overrides
            .Where(route => route.Filters.Count == 0 || route.Filters.Any(each => ReferenceEquals(each, filter)))
            .Select(WrittenMode.Of)
            .OfType<WrittenMode>(),
    ];

    private static bool LeadsTo(ExtProcFilter filter, ServerConfig server) =>
        Clusters.Of(filter.Document).PortsOf(filter.Config.String("grpc_service.envoy_grpc.cluster_name").Value).Intersect(server.Ports.Where(port => port != "0")).Any();
}
