using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>A cluster, wherever it stands: in a bootstrap or config dump, in what discovery answers, in a patch that adds or merges one.</summary>
/// <param name="Document">The document it is in.</param>
/// <param name="Node">The <c>Cluster</c>.</param>
internal sealed record ClusterEntry(SourceDocument Document, MappingNode Node)
{
    /// <summary>Its name; empty when it says none.</summary>
    public string Name => Node.Field("name").Text ?? "";

    /// <summary>Whether it is merged into clusters that are there already, so that it says only a part of what they are.</summary>
    public bool IsMerged => Patch?["operation"].Text?.StartsWith("MERGE", StringComparison.Ordinal) == true;

    /// <summary>The name of the cluster that it is merged into; null where it does not say into which.</summary>
    public string? MeantFor => (((Patch?.Parent as MappingNode)?["match"] as MappingNode)?["cluster"] as MappingNode)?["name"].Text;

    private MappingNode? Patch => Node.Parent as MappingNode;
}

/// <summary>The clusters that a document's filters can name, and whether there can be others.</summary>
internal sealed class Clusters
{
    /// <summary>The type URL of a cluster.</summary>
    public const string Type = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    private readonly PolicySet policies;

    private readonly SourceDocument document;

    private Clusters(PolicySet policies, SourceDocument document) => (this.policies, this.document) = (policies, document);

    /// <summary>Whether the document names all clusters that there will be: not when it has none, as parts of a bootstrap do, or fetches more.</summary>
    public bool Complete =>
        !document.IsPart
        && document.Root is MappingNode root
        && root.Field("dynamic_resources")?.IsSet != true
        && (root.Field("static_resources") as MappingNode)?.Field("clusters").Mappings.Any() == true;

    /// <summary>Those of a run, as a document sees them: its own, and where it is no whole bootstrap those of all others.</summary>
    public static Clusters Of(PolicySet policies, SourceDocument document) => new(policies, document);

    /// <summary>Whether a cluster of this name is sure not to be there.</summary>
    public bool Lack(string name) => Complete && !All(name).Any();

    /// <summary>A cluster of this name that is sure to be spoken to in HTTP/1.1; null when there is none, or one of its name may not be.</summary>
    public ClusterEntry? SpeakingHttp1(string name)
    {
        ClusterEntry[] all = [.. All(name)];
        return Array.Exists(all, cluster => MaySpeakHttp2(cluster.Node)) || Index.Merged(name).Any(cluster => MaySpeakHttp2(cluster.Node)) || IsPatched(name, "http2_protocol_options", "typed_extension_protocol_options")
            ? null
            : all.FirstOrDefault();
    }

    /// <summary>A cluster of several written addresses that nothing watches; null for any other.</summary>
    public ClusterEntry? Unwatched(string name) =>
        All(name).FirstOrDefault(cluster => Endpoints(cluster.Node).Take(2).Count() > 1 && !IsWatched(cluster.Node)) is { } found
        && !Index.Merged(name).Any(cluster => IsWatched(cluster.Node))
        && !IsPatched(name, "health_checks", "outlier_detection")
            ? found
            : null;

    /// <summary>The only cluster of a name, if these fields are in the end as they stand there: nothing merges or patches them. Null for any other.</summary>
    public ClusterEntry? Settled(string name, params string[] fields) =>
        All(name).Take(2).ToArray() is [var only]
        && !Index.Merged(name).Any(merged => fields.Any(field => merged.Node.Field(field)?.IsSet == true))
        && !IsPatched(name, fields)
            ? only
            : null;

    /// <summary>The ports of a cluster's endpoints, each once; of very many the first.</summary>
    public IEnumerable<string> PortsOf(string name) => All(name).SelectMany(cluster => Index.PortsOf(cluster)).Distinct();

    /// <summary>The clusters of a name: several where each is for other proxies, or one stands there twice.</summary>
    public IEnumerable<ClusterEntry> All(string name)
    {
        IReadOnlyList<ClusterEntry> own = Index.In(document, name);
        return own.Count > 0 || Complete ? own : Index.Named(name);
    }

    private ClusterIndex Index => policies.ClusterIndex;

    /// <summary>Whether an operation of an EnvoyPatchPolicy writes one of these fields into a cluster of this name, or may; one of an EnvoyProxy says of a cluster only its place.</summary>
    private bool IsPatched(string name, params string[] fields) => fields.Any(field => Index.IsPatched(name, field));

    private static bool IsWatched(MappingNode cluster) => cluster.Field("health_checks")?.IsSet == true || cluster.Field("outlier_detection")?.IsSet == true;

    /// <summary>The endpoints that are written out in a cluster.</summary>
    internal static IEnumerable<MappingNode> Endpoints(MappingNode cluster) =>
        from locality in ((cluster.Field("load_assignment") as MappingNode)?.Field("endpoints")).Mappings
        from member in locality.Field("lb_endpoints").Mappings
        where member.Field("endpoint") is MappingNode
        select (MappingNode)member.Field("endpoint")!;

    private static bool MaySpeakHttp2(MappingNode cluster) =>
        cluster.Field("http2_protocol_options")?.IsSet == true
        || Options(cluster).Any(options =>
            options.Field("auto_config")?.IsSet == true
            || options.Field("use_downstream_protocol_config")?.IsSet == true
            || options.Field("explicit_http_config") is MappingNode form
                && (form.Field("http2_protocol_options")?.IsSet == true || form.Field("http3_protocol_options")?.IsSet == true));

    /// <summary>The protocol options of a cluster, those of HTTP among them.</summary>
    internal static IEnumerable<MappingNode> Options(MappingNode cluster) =>
        (cluster.Field("typed_extension_protocol_options") as MappingNode)?.Entries
            .Select(entry => entry.Value)
            .OfType<MappingNode>()
            .Select(options => options.Field("value") as MappingNode ?? options) ?? [];
}
