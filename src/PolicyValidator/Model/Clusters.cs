using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>The clusters of a bootstrap file, and whether there can be others.</summary>
internal sealed class Clusters
{
    private readonly Dictionary<string, MappingNode> byName = [];

    private readonly bool dynamic;

    private Clusters(bool dynamic) => this.dynamic = dynamic;

    /// <summary>Whether the file names all clusters that there will be: not when it has none, as parts of a bootstrap do, or fetches more.</summary>
    public bool Complete => byName.Count > 0 && !dynamic;

    /// <summary>Looks for the clusters of a document; one that is no bootstrap has none and says nothing about others.</summary>
    public static Clusters Of(SourceDocument document)
    {
        MappingNode? root = document.Root as MappingNode;
        Clusters clusters = new(document.IsPart || root?.Field("dynamic_resources")?.IsSet == true);
        foreach (MappingNode cluster in (root?.Field("static_resources") as MappingNode)?.Field("clusters").Mappings ?? [])
        {
            clusters.byName[cluster.Field("name").Text ?? ""] = cluster;
        }

        return clusters;
    }

    /// <summary>Whether a cluster of this name is sure not to be there.</summary>
    public bool Lack(string name) => Complete && !byName.ContainsKey(name);

    /// <summary>Whether a cluster of this name is there and is sure to be spoken to in HTTP/1.1.</summary>
    public bool SpeakHttp1(string name) => byName.TryGetValue(name, out MappingNode? cluster) && !MaySpeakHttp2(cluster);

    /// <summary>A cluster; null when there is none of the name.</summary>
    public MappingNode? Named(string name) => byName.GetValueOrDefault(name);

    /// <summary>A cluster of several written addresses that nothing watches; null for any other.</summary>
    public MappingNode? Unwatched(string name) =>
        byName.GetValueOrDefault(name) is { } cluster && Endpoints(name).Count() > 1 && cluster.Field("health_checks")?.IsSet != true && cluster.Field("outlier_detection")?.IsSet != true
            ? cluster
            : null;

    /// <summary>The ports of a cluster's endpoints.</summary>
    public IEnumerable<string> PortsOf(string name) => Endpoints(name)
        .Select(endpoint => ((endpoint.Field("address") as MappingNode)?.Field("socket_address") as MappingNode)?.Field("port_value").Text)
        .OfType<string>();

    private IEnumerable<MappingNode> Endpoints(string name) =>
        from locality in ((byName.GetValueOrDefault(name)?.Field("load_assignment") as MappingNode)?.Field("endpoints")).Mappings
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

    private static IEnumerable<MappingNode> Options(MappingNode cluster) =>
        (cluster.Field("typed_extension_protocol_options") as MappingNode)?.Entries
            .Select(entry => entry.Value)
            .OfType<MappingNode>()
            .Select(options => options.Field("value") as MappingNode ?? options) ?? [];
}
