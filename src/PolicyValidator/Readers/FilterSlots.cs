using Google.Protobuf.Reflection;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>The fields of Envoy's API in which HTTP filters stand.</summary>
internal static class FilterSlots
{
    private static readonly Dictionary<MessageDescriptor, (string Field, FilterPlace Place)> Lists = new()
    {
        [EnvoyMessages.HttpConnectionManager] = ("http_filters", FilterPlace.HttpFilters),
        [EnvoyMessages.UpgradeConfig] = ("filters", FilterPlace.UpgradeFilters),
        [EnvoyMessages.Router] = ("upstream_http_filters", FilterPlace.UpstreamHttpFilters),
        [EnvoyMessages.HttpProtocolOptions] = ("http_filters", FilterPlace.UpstreamHttpFilters),
    };

    /// <summary>The field of a message that is a list of filters; null for a message that has none.</summary>
    public static (string Field, FilterPlace Place)? ListOf(MessageDescriptor type) => Lists.TryGetValue(type, out var list) ? list : null;

    /// <summary>Whether a field is a list of filters, which is walked as a list.</summary>
    public static bool IsList(FieldDescriptor field) =>
        field is { FieldType: FieldType.Message, MessageType.FullName: "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter" };

    /// <summary>Whether a field is an extension config that must be an HTTP filter: a composite's action, a matched filter, a chain in a chain.</summary>
    public static bool IsNested(FieldDescriptor field) => field.FullName is
        "envoy.extensions.filters.http.composite.v3.ExecuteFilterAction.typed_config"
        or "envoy.extensions.filters.http.composite.v3.FilterChainConfiguration.typed_config"
        or "envoy.extensions.filters.http.filter_chain.v3.FilterChain.filters"
        or "envoy.extensions.common.matching.v3.ExtensionWithMatcher.extension_config";

    /// <summary>What a message with per-route configs is.</summary>
    public static OverridePlace PlaceOf(ConfigMessage? owner) => owner?.Node is null ? OverridePlace.Alone : owner.Type.Name switch
    {
        "Route" => OverridePlace.Route,
        "ClusterWeight" => OverridePlace.WeightedCluster,
        "VirtualHost" => OverridePlace.VirtualHost,
        "RouteConfiguration" => OverridePlace.RouteConfiguration,
        _ => OverridePlace.Alone,
    };
}
