using Google.Protobuf.Reflection;
using PolicyValidator.Decoding;

namespace PolicyValidator.Readers;

/// <summary>
/// The messages of Envoy's API that the readers tell apart. They come from the set in which the walker's own messages are, so that they can
/// be compared with those; the descriptors of generated classes are other instances.
/// </summary>
internal static class EnvoyMessages
{
    public static MessageDescriptor Bootstrap { get; } = Find("envoy.config.bootstrap.v3.Bootstrap");
    public static MessageDescriptor ConfigDump { get; } = Find("envoy.admin.v3.ConfigDump");
    public static MessageDescriptor Cluster { get; } = Find("envoy.config.cluster.v3.Cluster");
    public static MessageDescriptor Listener { get; } = Find("envoy.config.listener.v3.Listener");
    public static MessageDescriptor FilterChain { get; } = Find("envoy.config.listener.v3.FilterChain");
    public static MessageDescriptor NetworkFilter { get; } = Find("envoy.config.listener.v3.Filter");
    public static MessageDescriptor RouteConfiguration { get; } = Find("envoy.config.route.v3.RouteConfiguration");
    public static MessageDescriptor HttpConnectionManager { get; } = Find("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager");
    public static MessageDescriptor UpgradeConfig { get; } = Find("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig");
    public static MessageDescriptor VirtualHost { get; } = Find("envoy.config.route.v3.VirtualHost");
    public static MessageDescriptor Route { get; } = Find("envoy.config.route.v3.Route");
    public static MessageDescriptor RouteAction { get; } = Find("envoy.config.route.v3.RouteAction");
    public static MessageDescriptor ClusterWeight { get; } = Find("envoy.config.route.v3.WeightedCluster.ClusterWeight");
    public static MessageDescriptor HttpFilter { get; } = Find("envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter");
    public static MessageDescriptor Router { get; } = Find("envoy.extensions.filters.http.router.v3.Router");
    public static MessageDescriptor HttpProtocolOptions { get; } = Find("envoy.extensions.upstreams.http.v3.HttpProtocolOptions");
    public static MessageDescriptor TypedExtensionConfig { get; } = Find("envoy.config.core.v3.TypedExtensionConfig");
    public static MessageDescriptor DiscoveryResponse { get; } = Find("envoy.service.discovery.v3.DiscoveryResponse");
    public static MessageDescriptor ExternalProcessor { get; } = Find("envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor");
    public static MessageDescriptor ExtProcPerRoute { get; } = Find("envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute");

    private static MessageDescriptor Find(string fullName) => EnvoyTypes.Find(fullName)!;
}
