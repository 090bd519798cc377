using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>What a per-route configuration is for.</summary>
public enum OverridePlace
{
    /// <summary>The document is the configuration, or a map outside any route.</summary>
    Alone,

    /// <summary>A route.</summary>
    Route,

    /// <summary>A cluster of a weighted cluster.</summary>
    WeightedCluster,

    /// <summary>A virtual host.</summary>
    VirtualHost,

    /// <summary>A whole route configuration.</summary>
    RouteConfiguration,
}

/// <summary>One <c>ExtProcPerRoute</c>.</summary>
public sealed record ExtProcOverride
{
    /// <summary>The document it is in.</summary>
    public required SourceDocument Document { get; init; }

    /// <summary>The <c>ExtProcPerRoute</c>.</summary>
    public required ConfigMessage Config { get; init; }

    /// <summary>What it is for.</summary>
    public required OverridePlace Place { get; init; }

    /// <summary>The key in <c>typed_per_filter_config</c>; null when alone.</summary>
    public ScalarNode? Key { get; init; }

    /// <summary>The route, virtual host, weighted cluster or route configuration around it.</summary>
    public MappingNode? Owner { get; init; }

    /// <summary>The connection manager around it; null for routes that are discovered.</summary>
    public MappingNode? ConnectionManager { get; init; }

    /// <summary>The ext_proc filters of that connection manager that have this name.</summary>
    public IReadOnlyList<ExtProcFilter> Filters { get; init; } = [];

    /// <summary>The policy of whose filter it is an override, namespace and name; null where a filter is found by its name in a list.</summary>
    internal string? PolicyName { get; init; }

    /// <summary>In dynamic configuration Envoy drops what it does not know instead of refusing it.</summary>
    public bool IsDynamic { get; init; }
}
