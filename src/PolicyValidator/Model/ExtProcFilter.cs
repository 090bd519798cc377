using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Model;

/// <summary>Where an ext_proc filter stands.</summary>
public enum FilterPlace
{
    /// <summary>Alone: the document is the configuration, or an entry of <c>http_filters</c> outside any list.</summary>
    Alone,

    /// <summary>In the <c>http_filters</c> of a connection manager, or a list of such entries.</summary>
    HttpFilters,

    /// <summary>In the <c>filters</c> of an entry of <c>upgrade_configs</c>.</summary>
    UpgradeFilters,

    /// <summary>In <c>upstream_http_filters</c> of a router, or <c>http_filters</c> of a cluster's HttpProtocolOptions.</summary>
    UpstreamHttpFilters,

    /// <summary>Inside a composite filter's action or a matching filter.</summary>
    Nested,

    /// <summary>A resource of extension config discovery, or a <c>default_config</c>.</summary>
    Discovered,
}

/// <summary>One ext_proc filter.</summary>
public sealed record ExtProcFilter
{
    private static readonly string[] OverrideFields = ["allow_mode_override", "allowed_override_modes"];

    /// <summary>The document it is in.</summary>
    public required SourceDocument Document { get; init; }

    /// <summary>The <c>ExternalProcessor</c>.</summary>
    public required ConfigMessage Config { get; init; }

    /// <summary>Where it stands.</summary>
    public required FilterPlace Place { get; init; }

    /// <summary>The filter's name in its list; null where it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The entry of the filter list around it: <c>name</c>, <c>typed_config</c>, <c>disabled</c>.</summary>
    public MappingNode? Entry { get; init; }

    /// <summary>The list it stands in; null when alone or nested.</summary>
    public FilterList? List { get; init; }

    /// <summary>The connection manager around it; null when there is none in the document.</summary>
    public MappingNode? ConnectionManager => List?.ConnectionManager;

    /// <summary>The entry of a policy that a product made the filter of; null for a filter that is written out.</summary>
    internal PolicyEntry? MadeFrom { get; init; }

    /// <summary>The policy that it is made of, namespace and name, where per-route policies refer to it by that.</summary>
    internal string? PolicyName { get; init; }

    /// <summary>Whether it only watches: Envoy drops every answer.</summary>
    internal bool IsObserver => Config.Bool("observability_mode").Value;

    /// <summary>What permits <c>mode_override</c>, as far as it is written, in words: <c>allow_mode_override and allowed_override_modes</c>.</summary>
    internal string OverridePermission => string.Join(" and ", OverrideFields.Where(Config.Has));

    /// <summary>In dynamic configuration Envoy drops what it does not know instead of refusing it.</summary>
    public bool IsDynamic { get; init; }
}

/// <summary>A list of HTTP filters.</summary>
/// <param name="Document">The document it is in.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Node">The list's own value.</param>
/// <param name="ConnectionManager">The connection manager around it; null when there is none in the document.</param>
public sealed record FilterList(SourceDocument Document, FilterPlace Place, Node Node, MappingNode? ConnectionManager)
{
    /// <summary>Its entries in order, lists inside the list flattened as Envoy does.</summary>
    public IReadOnlyList<FilterEntry> Entries { get; init; } = [];
}

/// <summary>An entry of a list of HTTP filters.</summary>
/// <param name="Node">The entry.</param>
/// <param name="Name">Its name; empty when absent.</param>
/// <param name="TypeName">The full name of its config's type, out of a TypedStruct too; empty when absent or discovered.</param>
/// <param name="Config">The entry as a message: <c>is_optional</c>, <c>disabled</c>, <c>config_discovery</c>.</param>
public sealed record FilterEntry(Node Node, string Name, string TypeName, ConfigMessage Config);
