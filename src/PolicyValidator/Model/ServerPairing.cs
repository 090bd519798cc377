namespace PolicyValidator.Model;

/// <summary>A server's configuration and the filters that may lead to it.</summary>
/// <param name="Server">The server.</param>
/// <param name="Filters">The filters; at least one.</param>
/// <param name="IsSure">Whether all of them are sure to: the only ones among the inputs, or those that lead to its port.</param>
internal sealed record ServerPairing(ServerConfig Server, IReadOnlyList<ExtProcFilter> Filters, bool IsSure)
{
    /// <summary>So many filters are held against servers, and one server more: those behind are not looked at.</summary>
    private const int MostPairs = 20_000;

    /// <summary>All of a run.</summary>
    public static IReadOnlyList<ServerPairing> All(PolicySet policies) => policies.Pairings;

    /// <summary>The same, read; a run reads them once.</summary>
    public static IEnumerable<ServerPairing> Read(PolicySet policies)
    {
        ExtProcFilter[] filters = [.. policies.Filters.Where(filter => !filter.Config.Has("http_service"))];
        if (filters.Length == 0 || policies.Servers.Count == 0)
        {
            yield break;
        }

        var routes = policies.Overrides.Select(route => (Route: route, Mode: WrittenMode.Of(route))).Where(route => route.Mode is not null).ToArray();
        ILookup<object, WrittenMode> byFilter = routes
            .SelectMany(route => route.Route.Filters.Select(filter => (Filter: (object)filter, Mode: route.Mode!)))
            .DistinctBy(route => (route.Filter, ModeFields.Meaning(route.Mode)))
            .ToLookup(route => route.Filter, route => route.Mode, ReferenceEqualityComparer.Instance);
        WrittenMode[] loose = [.. routes.Where(route => route.Route.Filters.Count == 0).Select(route => route.Mode!).DistinctBy(ModeFields.Meaning)];
        ILookup<string, (int Place, ExtProcFilter Filter)> leading = filters.Index()
            .SelectMany(filter => PortsOf(policies, filter.Item).Select(port => (Port: port, Filter: filter)))
            .ToLookup(each => each.Port, each => each.Filter);
        long left = MostPairs + Pairs(filters, byFilter);
        foreach ((int place, ServerConfig server) in policies.Servers.Index())
        {
            ExtProcFilter[] byPort = [.. server.Ports.Where(port => port != "0").Distinct().SelectMany(port => leading[port]).DistinctBy(each => each.Place).OrderBy(each => each.Place).Select(each => each.Filter)];
            ExtProcFilter[] meant = byPort.Length > 0 ? byPort : filters;
            if ((left -= Pairs(meant, byFilter)) < 0)
            {
                policies.Unjudged.Add(
                    server.Document,
                    server.Root,
                    $"of {policies.Servers.Count} servers only the first {place} were held against their filters, not this one, nor those behind it: at most {MostPairs} pairs of a server and a filter are");
                yield break;
            }

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

    /// <summary>What is looked at for one server: filters, and their modes on routes.</summary>
    private static long Pairs(ExtProcFilter[] filters, ILookup<object, WrittenMode> modes) => filters.Sum(filter => 1L + modes[filter].Count());

    private static IEnumerable<string> PortsOf(PolicySet policies, ExtProcFilter filter) =>
        Clusters.Of(policies, filter.Document).PortsOf(filter.Config.String("grpc_service.envoy_grpc.cluster_name").Value);
}
