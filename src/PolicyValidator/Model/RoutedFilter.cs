using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>A filter as one route uses it: the filter's own configuration with the route's overrides on top.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Path">The way through the route configuration; null where a policy says which routes it is for.</param>
/// <param name="Overrides">What the way has for this filter, the most general first. A more special processing mode replaces the whole mode.</param>
internal sealed record RoutedFilter(ExtProcFilter Filter, RoutePath? Path, IReadOnlyList<ExtProcOverride> Overrides)
{
    /// <summary>Every filter on every route, inline or of a policy for it, on which it is not disabled.</summary>
    public static IEnumerable<RoutedFilter> All(PolicySet policies) =>
    [
        .. Inline(policies),
        .. from route in policies.Overrides
           where route.PolicyName is not null
           from filter in route.Filters
           select new RoutedFilter(filter, null, [route]),
    ];

    /// <summary>Every filter on every inline route, and as it is where it has none.</summary>
    public static IEnumerable<RoutedFilter> OrAlone(PolicySet policies)
    {
        RoutedFilter[] inline = [.. Inline(policies)];
        HashSet<MappingNode> routed = [.. policies.Filters.Select(filter => filter.ConnectionManager).OfType<MappingNode>().Where(manager => RouteTable.Of(manager).Any())];
        return [.. inline, .. policies.Filters.Where(filter => filter.ConnectionManager is not { } manager || !routed.Contains(manager)).Select(filter => new RoutedFilter(filter, null, []))];
    }

    private static IEnumerable<RoutedFilter> Inline(PolicySet policies)
    {
        ILookup<MappingNode, ExtProcOverride> byOwner = policies.Overrides
            .Where(route => route.Owner is not null)
            .ToLookup(route => route.Owner!);
        return
            from filter in policies.Filters
            from path in RouteTable.Of(filter.ConnectionManager)
            let overrides = path.Levels.SelectMany(level => byOwner[level]).Where(route => route.Filters.Any(each => ReferenceEquals(each, filter))).ToArray()
            where overrides is not [.., { Config: var last }] || !last.Bool("disabled").Value
            select new RoutedFilter(filter, path, overrides);
    }

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
