using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Model;

/// <summary>Finds the clusters of a run by their names; of very many that have one name, the first.</summary>
internal sealed class ClusterIndex
{
    private readonly PolicySet policies;
    private readonly Dictionary<string, ClusterEntry[]> byName;
    private readonly Dictionary<(SourceText Source, int Document, string Name), ClusterEntry[]> byDocument;
    private readonly Dictionary<string, ClusterEntry[]> merged;
    private readonly ClusterEntry[] mergedIntoAll;
    private readonly Lazy<ILookup<string, WrittenPatch>> patches;
    private readonly Lazy<string[]> bootstrapPaths;
    private readonly Dictionary<(string Name, string Field), bool> patched = [];
    private readonly Dictionary<Node, string[]> ports = [];

    public ClusterIndex(PolicySet policies)
    {
        this.policies = policies;
        ClusterEntry[] whole = [.. policies.Clusters.SelectMany(same => same).Where(cluster => !cluster.IsMerged)];
        byName = Grouped(whole, cluster => cluster.Name);
        byDocument = Grouped(whole, cluster => (cluster.Document.Source, cluster.Document.Index, cluster.Name));
        merged = Grouped(policies.MergedClusters.Where(cluster => cluster.MeantFor is not null), cluster => cluster.MeantFor!);
        mergedIntoAll = [.. policies.MergedClusters.Where(cluster => cluster.MeantFor is null)];
        patches = new(() => policies.Patches.Where(patch => patch.Type == Clusters.Type).ToLookup(patch => patch.Name));
        bootstrapPaths = new(() => [.. BootstrapPaths()]);
    }

    /// <summary>Those of a name, in all documents.</summary>
    public IReadOnlyList<ClusterEntry> Named(string name) => First(byName.GetValueOrDefault(name, []), name);

    /// <summary>Those of a name in a document.</summary>
    public IReadOnlyList<ClusterEntry> In(SourceDocument document, string name) => First(byDocument.GetValueOrDefault((document.Source, document.Index, name), []), name);

    /// <summary>What is merged into a cluster of a name, or may be.</summary>
    public IEnumerable<ClusterEntry> Merged(string name) => First(merged.GetValueOrDefault(name, []), name).Concat(First(mergedIntoAll, "*"));

    /// <summary>The ports of a cluster's endpoints.</summary>
    public IReadOnlyList<string> PortsOf(ClusterEntry cluster)
    {
        if (!ports.TryGetValue(cluster.Node, out string[]? found))
        {
            ScalarNode[] each =
            [
                .. Clusters.Endpoints(cluster.Node)
                    .Select(endpoint => ((endpoint.Field("address") as MappingNode)?.Field("socket_address") as MappingNode)?.Field("port_value"))
                    .OfType<ScalarNode>().DistinctBy(port => port.Value),
            ];
            ports[cluster.Node] = found =
                [.. policies.Unjudged.First(each, PolicySet.MostOfOneName, () => $"ports of the cluster \"{cluster.Name}\"", port => (cluster.Document, port)).Select(port => port.Value)];
        }

        return found;
    }

    /// <summary>Whether an operation of an EnvoyPatchPolicy writes a field into a cluster of a name, or may; one of an EnvoyProxy says of a cluster only its place.</summary>
    public bool IsPatched(string name, string field)
    {
        if (!patched.TryGetValue((name, field), out bool isPatched))
        {
            patched[(name, field)] = isPatched = patches.Value[name].Any(patch => patch.MayWrite(Clusters.Type, name, field))
                || bootstrapPaths.Value.Any(path => path.Contains(field, StringComparison.Ordinal));
        }

        return isPatched;
    }

    private IEnumerable<string> BootstrapPaths() => policies.ObjectIndex.Of("gateway.envoyproxy.io", "EnvoyProxy")
        .SelectMany(found => found.Spec?["bootstrap"]?.ItemsOf("jsonPatches") ?? [])
        .Where(operation => operation.TextOf("op") is "add" or "replace")
        .Select(operation => operation.TextOf("path"))
        .OfType<string>();

    private IReadOnlyList<ClusterEntry> First(ClusterEntry[] same, string name) =>
        policies.Unjudged.First(same, PolicySet.MostOfOneName, () => $"clusters \"{name}\"", cluster => (cluster.Document, cluster.Node));

    private static Dictionary<TKey, ClusterEntry[]> Grouped<TKey>(IEnumerable<ClusterEntry> clusters, Func<ClusterEntry, TKey> key)
        where TKey : notnull =>
        clusters.GroupBy(key).ToDictionary(same => same.Key, same => same.ToArray());
}
