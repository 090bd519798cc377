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
        if (filters.Length == 0 || policies.Servers.Count == 0)
        {
            yield break;
        }

        var routes = policies.Overrides.Select(route => (Route: route, Mode: WrittenMode.Of(route))).Where(route => route.Mode is not null).ToArray();
        ILookup<object, WrittenMode> byFilter = routes
            .SelectMany(route => route.Route.Filters.Select(filter => (Filter: (object)filter, Mode: route.Mode!)))
            .ToLookup(route => route.Filter, route => route.Mode, ReferenceEqualityComparer.Instance);
        WrittenMode[] loose =
        [
            .. routes.Where(route => route.Route.Filters.Count == 0).Select(route => route.Mode!)
                .DistinctBy(mode => string.Join(' ', ModeFields.All.Select(field => ModeFields.Effective(mode, field)))),
        ];
        foreach (ServerConfig server in policies.Servers)
        {
            ExtProcFilter[] byPort = [.. filters.Where(filter => LeadsTo(policies, filter, server))];
            ExtProcFilter[] meant = byPort.Length > 0 ? byPort : filters;
            bool isOne = meant.DistinctBy(filter => (filter.Document.Source, filter.Config.String("grpc_service.envoy_grpc.cluster_name").Value)).Count() == 1;
            yield return new(server, meant, isOne && (policies.Servers.Count == 1 || byPort.Length > 0)) { Routes = byFilter, Loose = loose };
        }
    }

    /// <summary>The modes that a filter has, on its own and on routes; those of routes that name no filter may be for any.</summary>
    public IEnumerable<WrittenMode> ModesOf(ExtProcFilter filter) => [WrittenMode.Of(filter), .. Routes[filter], .. Loose];

    /// <summary>
    /// Whether the server asks for other modes where the filter's serve a part of the traffic: only if an override that Envoy ignores
    /// fails the exchange, is vouched for, or may let traffic pass.
    /// </summary>
    public bool IsAskedForMore(ExtProcFilter filter, ServerStep step) =>
        Server.AsksForModes && OverrideNeed.TakesOverrides(filter)
        && (Server.TrustsOverrides || step.MayBeLeftOut || (Server.ProvesOverrides && !WrittenMode.Of(filter).HasBody(Direction.Request, "BUFFERED", "BUFFERED_PARTIAL")));

    /// <summary>The modes of routes, by the filter that they are for.</summary>
    private ILookup<object, WrittenMode> Routes { get; init; } = Enumerable.Empty<WrittenMode>().ToLookup(mode => (object)mode);

    /// <summary>The modes of routes that name no filter among the inputs, those that mean the same once.</summary>
    private IReadOnlyList<WrittenMode> Loose { get; init; } = [];

    private static bool LeadsTo(PolicySet policies, ExtProcFilter filter, ServerConfig server) =>
        Clusters.Of(policies, filter.Document).PortsOf(filter.Config.String("grpc_service.envoy_grpc.cluster_name").Value).Intersect(server.Ports.Where(port => port != "0")).Any();
}
