using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Model;

/// <summary>
/// What Envoy does to the connections that all clients' exchanges share on their way to a processor, when some clients misbehave.
/// Measured on Envoy 1.36.4 to 1.40.0.
/// </summary>
internal static class SharedConnection
{
    /// <summary>Envoy's own limit of a cluster's streams at one time, where <c>circuit_breakers</c> sets none.</summary>
    private const int DefaultMaxRequests = 1024;

    private const double EveryHost = 100;

    /// <summary>The fields of a cluster that <see cref="LowStreamLimit"/> looks at.</summary>
    public static string[] BreakerFields { get; } = ["circuit_breakers"];

    /// <summary>The fields of a cluster that <see cref="Ejection"/> looks at.</summary>
    public static string[] EjectionFields { get; } = ["outlier_detection", "common_lb_config"];

    /// <summary>The fields of a cluster that <see cref="StreamDuration"/> looks at.</summary>
    public static string[] DurationFields { get; } = ["typed_extension_protocol_options", "common_http_protocol_options"];

    /// <summary>
    /// How many streams a cluster with <c>circuit_breakers</c> may have at one time, for requests of usual priority, which a processor's
    /// are; null when that is more than Envoy's own limit, or when it has none.
    /// </summary>
    public static double? LowStreamLimit(MappingNode cluster)
    {
        if (cluster.Field("circuit_breakers") is not MappingNode breakers)
        {
            return null;
        }

        double limit = breakers.Field("thresholds").Mappings
            .Where(threshold => threshold.Field("priority").Text is null or "DEFAULT" or "0")
            .Select(threshold => Number(threshold, "max_requests"))
            .FirstOrDefault() ?? DefaultMaxRequests;
        return limit <= DefaultMaxRequests ? limit : null;
    }

    /// <summary>
    /// What lets failures in a row take every host of a cluster out, with nothing in their place: no share of the hosts is kept, and with
    /// a panic threshold of zero Envoy does not fall back on those that are out. Null when something is left.
    /// </summary>
    public static Node? Ejection(MappingNode cluster)
    {
        if (cluster.Field("outlier_detection") is not MappingNode detection
            || Number(detection, "enforcing_consecutive_5xx") is 0
            || (cluster.Field("common_lb_config") as MappingNode)?.Field("healthy_panic_threshold") is not MappingNode threshold
            || Number(threshold, "value") is > 0)
        {
            return null;
        }

        Node? share = detection.Field("max_ejection_percent"), one = detection.Field("always_eject_one_host");
        return Number(detection, "max_ejection_percent") >= EveryHost ? share
            : one.Text == "true" && Clusters.Endpoints(cluster).Take(2).Count() == 1 ? one
            : null;
    }

    /// <summary>Where a cluster limits how long a stream may live; null where it does not.</summary>
    public static Node? StreamDuration(MappingNode cluster) =>
        Clusters.Options(cluster).Append(cluster)
            .Select(options => (options.Field("common_http_protocol_options") as MappingNode)?.Field("max_stream_duration"))
            .FirstOrDefault(duration => duration?.IsSet == true && duration.Text is not "0s");

    /// <summary>Looks for something in the cluster of each processor, as it is in force.</summary>
    /// <param name="policies">Where the processors and clusters are.</param>
    /// <param name="fields">The fields of a cluster that are looked at: where patches write into them, it is not known what is in force.</param>
    /// <param name="find">Finds it; null where it is not there.</param>
    public static IEnumerable<InCluster> InClusters(PolicySet policies, string[] fields, Func<MappingNode, Node?> find) =>
        from service in GrpcServiceUse.All(policies)
        where service.Cluster.IsSet
        let cluster = Clusters.Of(policies, service.Document).Settled(service.Cluster.Value, fields)
        where cluster is not null
        let node = find(cluster.Node)
        where node is not null
        select new InCluster(cluster, node, RelatedPlace.At(service.Document, service.Cluster.Place, "the processor"));

    private static double? Number(MappingNode message, string field) =>
        double.TryParse(message.Field(field).Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}

/// <summary>Something in the cluster of a processor.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Node">Where in it.</param>
/// <param name="Processor">Where the processor names the cluster.</param>
internal sealed record InCluster(ClusterEntry Cluster, Node Node, RelatedPlace Processor);
