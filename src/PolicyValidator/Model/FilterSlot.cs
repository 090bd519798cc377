using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>What kind of extension a slot takes.</summary>
internal enum SlotKind
{
    /// <summary>An HTTP filter.</summary>
    HttpFilter,

    /// <summary>An HTTP filter that can stand upstream of the router.</summary>
    UpstreamHttpFilter,

    /// <summary>An HTTP filter's configuration for a route.</summary>
    PerRoute,

    /// <summary>The default of a filter that comes by discovery.</summary>
    DefaultConfig,
}

/// <summary>A place that holds the configuration of an HTTP filter, whichever filter it is.</summary>
/// <param name="Document">The document.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Name">The filter's name, or the key per route.</param>
/// <param name="Any">What it holds; null when absent or unreadable.</param>
/// <param name="Place">Where that stands or would stand.</param>
/// <param name="IsOptional">Whether an unknown filter is skipped.</param>
internal sealed record FilterSlot(SourceDocument Document, SlotKind Kind, string Name, ConfigAny? Any, Place Place, bool IsOptional);
