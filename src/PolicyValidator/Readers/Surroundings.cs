using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>What stands around the message that is being walked.</summary>
internal sealed record Surroundings
{
    /// <summary>Where a filter found here would stand.</summary>
    public FilterPlace Place { get; init; } = FilterPlace.Alone;

    /// <summary>The list of filters around.</summary>
    public FilterList? List { get; init; }

    /// <summary>The entry of a filter list, or the extension config, around.</summary>
    public MappingNode? Entry { get; init; }

    /// <summary>The name in that entry.</summary>
    public string? Name { get; init; }

    /// <summary>The connection manager around.</summary>
    public MappingNode? ConnectionManager { get; init; }

    /// <summary>Inside a route configuration whose clusters Envoy checks when it loads.</summary>
    public bool ChecksClusters { get; init; }
}
