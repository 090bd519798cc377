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
        byName = First(whole, cluster => cluster.Name);
        byDocument = First(whole, cluster => (cluster.Document.Source, cluster.Document.Index, cluster.Name));
        merged = First(policies.MergedClusters.Where(cluster => cluster.MeantFor is not null), cluster => cluster.MeantFor!);
        mergedIntoAll = [.. policies.MergedClusters.Where(cluster => cluster.MeantFor is null).Take(PolicySet.MostOfOneName)];
        patches = new(() => policies.Patches.Where(patch => patch.Type == Clusters.Type).ToLookup(patch => patch.Name));
        bootstrapPaths = new(() => [.. BootstrapPaths()]);
    }

    /// <summary>Those of a name, in all documents.</summary>
    public IReadOnlyList<ClusterEntry> Named(string name) => byName.GetValueOrDefault(name, []);

    /// <summary>Those of a name in a document.</summary>
    public IReadOnlyList<ClusterEntry> In(SourceDocument document, string name) => byDocument.GetValueOrDefault((document.Source, document.Index, name), []);

    /// <summary>What is merged into a cluster of a name, or may be.</summary>
    public IEnumerable<ClusterEntry> Merged(string name) => merged.GetValueOrDefault(name, []).Concat(mergedIntoAll);

    /// <summary>The ports of a cluster's endpoints.</summary>
    public IReadOnlyList<string> PortsOf(MappingNode cluster)
    {
        if (!ports.TryGetValue(cluster, out string[]? found))
        {
            ports[cluster] = found =
            [
                .. Clusters.Endpoints(cluster)
                    .Select(endpoint => ((endpoint.Field("address") as MappingNode)?.Field("socket_address") as MappingNode)?.Field("port_value").Text)
                    .OfType<string>().Distinct().Take(PolicySet.MostOfOneName),
            ];
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

    private static Dictionary<TKey, ClusterEntry[]> First<TKey>(IEnumerable<ClusterEntry> clusters, Func<ClusterEntry, TKey> key)
        where TKey : notnull =>
        clusters.GroupBy(key).ToDictionary(same => same.Key, same => same.Take(PolicySet.MostOfOneName).ToArray());
}
