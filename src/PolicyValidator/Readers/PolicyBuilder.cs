using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Readers;

/// <summary>Collects what the readers find.</summary>
internal sealed class PolicyBuilder(Target target, CancellationToken cancellation)
{
    private readonly List<SourceDocument> documents = [];
    private readonly List<ExtProcFilter> filters = [];
    private readonly Dictionary<Node, int> placesOfFilters = new(ReferenceEqualityComparer.Instance);
    private readonly List<ExtProcOverride> overrides = [];
    private readonly List<FilterList> lists = [];
    private readonly List<FilterSlot> slots = [];
    private readonly List<(SourceDocument, ConfigMessage)> discoveries = [];
    private readonly List<(SourceDocument, ConfigMessage)> bootstraps = [];
    private readonly List<(SourceDocument, Located<string>)> routeClusters = [];
    private readonly List<ConfigProblem> problems = [];
    private readonly List<KubernetesObject> objects = [];
    private readonly List<ServerConfig> servers = [];
    private readonly List<ClusterEntry> clusters = [];
    private readonly HashSet<Node> merged = [];
    private readonly List<SourceDocument> parts = [];
    private readonly List<SourceDocument> allParts = [];
    private readonly Dictionary<Node, string> roots = [];

    /// <summary>The Envoy that is asked about.</summary>
    public Target Target { get; } = target;

    /// <summary>What is left out because there is more of it than is looked at.</summary>
    public UnjudgedParts Unjudged { get; } = new();

    /// <summary>Ends the reading.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    public void Add(SourceDocument document)
    {
        documents.Add(document);
        problems.AddRange(document.Problems.Select(problem =>
            new ConfigProblem(ProblemKind.Syntax, document, problem.Span, "", problem.Message, problem.Help)));
    }

    /// <summary>A value that is read as a message of Envoy's.</summary>
    public void AddRoot(Node root, string message) => roots[root] = message;

    /// <summary>A document that stands inside another one and is still to be read.</summary>
    public void AddPart(SourceDocument part)
    {
        parts.Add(part);
        allParts.Add(part);
    }

    /// <summary>The parts that were found since this was last asked.</summary>
    public IReadOnlyList<SourceDocument> TakeParts()
    {
        SourceDocument[] taken = [.. parts];
        parts.Clear();
        return taken;
    }

    public void Add(ExtProcFilter filter)
    {
        if (filter.Config.Node is { } node)
        {
            placesOfFilters.TryAdd(node, filters.Count);
        }

        filters.Add(filter);
    }

    /// <summary>The filter whose configuration stands at a node; null when there is none.</summary>
    public ExtProcFilter? FilterAt(Node node) => placesOfFilters.TryGetValue(node, out int place) ? filters[place] : null;

    /// <summary>Puts another filter in the place of the one whose configuration stands at a node.</summary>
    public void Replace(Node node, ExtProcFilter other) => filters[placesOfFilters[node]] = other;

    /// <summary>Patches that are part of a filter by now.</summary>
    public void AddMerged(IEnumerable<Node> patches) => merged.UnionWith(patches);

    /// <summary>The Kubernetes objects that were read so far.</summary>
    public IReadOnlyList<KubernetesObject> Objects => objects;

    public void Add(ExtProcOverride found) => overrides.Add(found);

    public void Add(FilterList list) => lists.Add(list);

    public void Add(FilterSlot slot) => slots.Add(slot);

    public void AddBootstrap(SourceDocument document, ConfigMessage config)
    {
        if (!document.IsPart)
        {
            bootstraps.Add((document, config));
        }
    }

    public void AddRouteCluster(SourceDocument document, Located<string> cluster) => routeClusters.Add((document, cluster));

    public void AddDiscovery(SourceDocument document, ConfigMessage source) => discoveries.Add((document, source));

    public void Add(KubernetesObject found) => objects.Add(found);

    public void Add(ServerConfig found) => servers.Add(found);

    public void Add(ClusterEntry found) => clusters.Add(found);

    public void Add(IEnumerable<ConfigProblem> found) => problems.AddRange(found);

    public PolicySet Build() => new()
    {
        Cancellation = Cancellation,
        Unjudged = Unjudged,
        Documents = Watched(documents),
        Parts = Watched(allParts),
        Filters = Watched(filters),
        Overrides = Watched(OverridesOf(new FiltersByUse(filters, Unjudged))),
        Lists = Watched(lists),
        Slots = Watched(slots),
        Discoveries = Watched(discoveries),
        Bootstraps = Watched(bootstraps),
        RouteClusters = Watched(routeClusters),
        Problems = Watched(problems),
        Objects = Watched(objects),
        Servers = Watched(servers),
        Clusters = clusters.ToLookup(cluster => cluster.Name),
        MergedClusters = Watched([.. clusters.Where(cluster => cluster.IsMerged)]),
        Merged = merged,
        Roots = roots,
    };

    /// <summary>Rules are loops over these lists.</summary>
    private CancellableList<T> Watched<T>(List<T> items) => new(items, Cancellation);

    /// <summary>Routes are read before or after the filters that they are for.</summary>
    private List<ExtProcOverride> OverridesOf(FiltersByUse filtersByUse) => [.. overrides.Select(found => found with { Filters = filtersByUse.Of(found) })];
}
