using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Model;

/// <summary>Everything that one run has read.</summary>
public sealed class PolicySet
{
    /// <summary>Of things that have one name so many are looked at, as overlays for several clusters have them.</summary>
    internal const int MostOfOneName = 32;

    private readonly Lazy<HashSet<Node>> aroundExtProc;

    private readonly Lazy<IReadOnlyList<SuppressionComment>> comments;

    private readonly Lazy<IReadOnlyList<WrittenPatch>> patches;

    private readonly Lazy<IReadOnlyList<RoutedFilter>> inline;

    private readonly Lazy<IReadOnlyList<ServerPairing>> pairings;

    private readonly Lazy<ClusterIndex> clusterIndex;

    private readonly Lazy<PatchIndex> patchIndex;

    private readonly Lazy<ObjectIndex> objectIndex;

    private readonly Lazy<ILookup<object, ExtProcOverride>> overridesByFilter;

    private readonly Lazy<ILookup<MappingNode, FilterList>> listsByManager;

    private readonly Lazy<HashSet<SourceDocument>> documentsWithFilters;

    internal PolicySet()
    {
        patches = new(() => [.. WrittenPatch.Read(Objects).Cancellable(Cancellation)]);
        inline = new(() => [.. RoutedFilter.Inline(this).Cancellable(Cancellation)]);
        pairings = new(() => [.. ServerPairing.Read(this).Cancellable(Cancellation)]);
        clusterIndex = new(() => new(this));
        patchIndex = new(() => new(this));
        objectIndex = new(() => new(Objects, Unjudged));
        overridesByFilter = new(() => Overrides
            .SelectMany(route => route.Filters.Select(filter => (Filter: (object)filter, Route: route)))
            .ToLookup(each => each.Filter, each => each.Route, ReferenceEqualityComparer.Instance));
        documentsWithFilters = new(() => [.. Filters.Select(filter => filter.Document)]);
        listsByManager = new(() => Lists.Where(list => list.ConnectionManager is not null).ToLookup(list => list.ConnectionManager!));
        aroundExtProc = new(() => [.. Filters.SelectMany(filter => Above(filter.Config.Node))]);
        comments = new(() => [.. Documents.GroupBy(document => document.Source).SelectMany(documents => Inputs.SuppressionComments.Of(documents.Key, [.. documents]))]);
    }

    /// <summary>All documents, those without ext_proc too.</summary>
    public IReadOnlyList<SourceDocument> Documents { get; internal init; } = [];

    /// <summary>What stands inside of documents and is read like one: objects in objects, text in values.</summary>
    public IReadOnlyList<SourceDocument> Parts { get; internal init; } = [];

    /// <summary>The comments that speak to this program.</summary>
    public IReadOnlyList<SuppressionComment> SuppressionComments => comments.Value;

    /// <summary>All ext_proc filters.</summary>
    public IReadOnlyList<ExtProcFilter> Filters { get; internal init; } = [];

    /// <summary>All per-route configurations of ext_proc.</summary>
    public IReadOnlyList<ExtProcOverride> Overrides { get; internal init; } = [];

    /// <summary>All lists of HTTP filters, those without ext_proc too.</summary>
    public IReadOnlyList<FilterList> Lists { get; internal init; } = [];

    /// <summary>Every place that holds the configuration of an HTTP filter, for a list, a composite or a route.</summary>
    internal IReadOnlyList<FilterSlot> Slots { get; init; } = [];

    /// <summary>The documents that are a whole bootstrap, as messages.</summary>
    internal IReadOnlyList<(SourceDocument Document, ConfigMessage Config)> Bootstraps { get; init; } = [];

    /// <summary>The clusters to which routes lead that stand in a connection manager itself and are to be checked.</summary>
    internal IReadOnlyList<(SourceDocument Document, Located<string> Cluster)> RouteClusters { get; init; } = [];

    /// <summary>Every filter that comes by discovery.</summary>
    internal IReadOnlyList<(SourceDocument Document, ConfigMessage Source)> Discoveries { get; init; } = [];

    /// <summary>Every Kubernetes object, of whatever kind.</summary>
    internal IReadOnlyList<KubernetesObject> Objects { get; init; } = [];

    /// <summary>Every operation of an EnvoyPatchPolicy, in the order in which Envoy Gateway makes them.</summary>
    internal IReadOnlyList<WrittenPatch> Patches => patches.Value;

    /// <summary>Every filter on every inline route.</summary>
    internal IReadOnlyList<RoutedFilter> Inline => inline.Value;

    /// <summary>Every server with the filters that may lead to it.</summary>
    internal IReadOnlyList<ServerPairing> Pairings => pairings.Value;

    /// <summary>Finds clusters.</summary>
    internal ClusterIndex ClusterIndex => clusterIndex.Value;

    /// <summary>Finds patches and what they are for.</summary>
    internal PatchIndex PatchIndex => patchIndex.Value;

    /// <summary>Finds Kubernetes objects.</summary>
    internal ObjectIndex ObjectIndex => objectIndex.Value;

    /// <summary>What was left out because there is more of it than is looked at.</summary>
    internal UnjudgedParts Unjudged { get; init; } = new();

    /// <summary>Ends whatever works on these lists.</summary>
    internal CancellationToken Cancellation { get; init; }

    /// <summary>The per-route configurations for a filter.</summary>
    internal IEnumerable<ExtProcOverride> OverridesOf(ExtProcFilter filter) => overridesByFilter.Value[filter];

    /// <summary>Whether a document has filters of ext_proc.</summary>
    internal bool HasFilters(SourceDocument document) => documentsWithFilters.Value.Contains(document);

    /// <summary>The lists of filters of a connection manager.</summary>
    internal IEnumerable<FilterList> ListsOf(MappingNode manager) => listsByManager.Value[manager];

    /// <summary>Every configuration of our own server.</summary>
    internal IReadOnlyList<ServerConfig> Servers { get; init; } = [];

    /// <summary>Every cluster, by its name.</summary>
    internal ILookup<string, ClusterEntry> Clusters { get; init; } = Enumerable.Empty<ClusterEntry>().ToLookup(cluster => cluster.Name);

    /// <summary>Those that are merged into others.</summary>
    internal IReadOnlyList<ClusterEntry> MergedClusters { get; init; } = [];

    /// <summary>The outermost values that were read as messages of Envoy's, each with the name of its message.</summary>
    internal IReadOnlyDictionary<Node, string> Roots { get; init; } = new Dictionary<Node, string>();

    /// <summary>The configurations that were merged into a filter of the inputs, and are judged with it.</summary>
    internal IReadOnlySet<Node> Merged { get; init; } = new HashSet<Node>();

    /// <summary>What the readers found wrong; the schema rules turn it into findings.</summary>
    internal IReadOnlyList<ConfigProblem> Problems { get; init; } = [];

    /// <summary>Whether an ext_proc filter stands somewhere inside a value, also in a filter that holds others.</summary>
    internal bool HasExtProcInside(Node node) => aroundExtProc.Value.Contains(node);

    private static IEnumerable<Node> Above(Node? node)
    {
        for (; node is not null; node = node.Parent)
        {
            yield return node;
        }
    }
}
