using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>A filter as one route uses it: the filter's own configuration with the route's overrides on top.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Path">The way through the route configuration; null where a policy says which routes it is for.</param>
/// <param name="Overrides">What the way has for this filter, the most general first. A more special processing mode replaces the whole mode.</param>
internal sealed record RoutedFilter(ExtProcFilter Filter, RoutePath? Path, IReadOnlyList<ExtProcOverride> Overrides)
{
    /// <summary>
    /// So many filters of one connection manager are looked at on all routes, more where there are few routes. Each of the others is looked
    /// at on the routes that say something of it and on the first of all, so that what there is grows with the text, and not with its square.
    /// </summary>
    private const int MostOnAllRoutes = 16, FewPairs = 2_000;

    /// <summary>Every filter on every route, inline or of a policy for it, on which it is not disabled.</summary>
    public static IEnumerable<RoutedFilter> All(PolicySet policies) =>
    [
        .. policies.Inline,
        .. from route in policies.Overrides
           where route.PolicyName is not null
           from filter in route.Filters
           select new RoutedFilter(filter, null, [route]),
    ];

    /// <summary>Every filter on every inline route, and as it is where it has none.</summary>
    public static IEnumerable<RoutedFilter> OrAlone(PolicySet policies)
    {
        HashSet<MappingNode> routed = [.. policies.Filters.Select(filter => filter.ConnectionManager).OfType<MappingNode>().Distinct().Where(manager => RouteTable.Of(manager).Any())];
        return [.. policies.Inline, .. policies.Filters.Where(filter => filter.ConnectionManager is not { } manager || !routed.Contains(manager)).Select(filter => new RoutedFilter(filter, null, []))];
    }

    /// <summary>Every filter on every inline route on which it is not disabled; a run reads it once.</summary>
    public static IEnumerable<RoutedFilter> Inline(PolicySet policies)
    {
        ILookup<MappingNode, ExtProcOverride> byOwner = policies.Overrides
            .Where(route => route.Owner is not null)
            .ToLookup(route => route.Owner!);
        return
            from manager in policies.Filters.Where(filter => filter.ConnectionManager is not null).GroupBy(filter => filter.ConnectionManager!)
            let paths = RouteTable.Of(manager.Key).ToArray()
            let onAllRoutes = OnAllRoutes(manager, paths.Length, policies.Unjudged)
            let speaking = SpeakingOf(paths, byOwner)
            from filter in manager.Index()
            from path in filter.Index < onAllRoutes ? paths : paths.Take(1).Union(speaking[filter.Item])
            let overrides = path.Levels.SelectMany(level => byOwner[level]).Where(route => route.Filters.Any(each => ReferenceEquals(each, filter.Item))).ToArray()
            where overrides is not [.., { Config: var last }] || !last.Bool("disabled").Value
            select new RoutedFilter(filter.Item, path, overrides);
    }

    /// <summary>How many filters of a connection manager are looked at on each of its ways.</summary>
    private static int OnAllRoutes(IEnumerable<ExtProcFilter> filters, int ways, UnjudgedParts unjudged)
    {
        int most = Math.Max(MostOnAllRoutes, FewPairs / Math.Max(1, ways));
        if (ways > 1 && filters.ElementAtOrDefault(most) is { } first)
        {
            unjudged.Add(
                first.Document,
                first.Entry ?? first.Config.Node,
                $"of {filters.Count()} ext_proc filters only the first {most} were judged on each of the {ways} routes; this one, and those behind it, on the routes that say something of it and on the first",
                "leave out filters or routes that are not needed, or lint them in several connection managers");
        }

        return most;
    }

    /// <summary>The ways on which something is said of a filter.</summary>
    private static ILookup<object, RoutePath> SpeakingOf(RoutePath[] paths, ILookup<MappingNode, ExtProcOverride> byOwner) =>
        (from path in paths
         from level in path.Levels.Skip(1)
         from route in byOwner[level]
         from filter in route.Filters
         select (Filter: (object)filter, Path: path))
        .ToLookup(each => each.Filter, each => each.Path, ReferenceEqualityComparer.Instance);

    /// <summary>The processing mode that counts on this route.</summary>
    public WrittenMode Mode => Overrides.Select(WrittenMode.Of).LastOrDefault(mode => mode is not null) ?? WrittenMode.Of(Filter);

    /// <summary>The processor that counts on this route.</summary>
    public GrpcServiceUse Service => Overrides.LastOrDefault(route => route.Config.Has("overrides.grpc_service")) is { } route
        ? new(route.Document, route.Config, "overrides.grpc_service.")
        : GrpcServiceUse.Of(Filter);

    /// <summary>Whether failures let the traffic pass on this route, and where that is said.</summary>
    public FailOpen FailOpen => Overrides.LastOrDefault(route => route.Config.Bool("overrides.failure_mode_allow").IsSet) is { } route
        ? new(route.Document, route.Config.Bool("overrides.failure_mode_allow"), Mode)
        : new(Filter.Document, Filter.Config.Bool("failure_mode_allow"), Mode);

    /// <summary>The retry policy that counts on this route, the virtual host's where the route has none; null for none.</summary>
    public Node? RetryPolicy => Path?.Action is not { } action ? null
        : action.Field("retry_policy") is { IsSet: true } own ? own
        : Path!.VirtualHost.Field("retry_policy") is { IsSet: true } general ? general
        : null;
}
