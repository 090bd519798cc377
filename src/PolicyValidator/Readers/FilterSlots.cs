using Google.Protobuf.Reflection;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>The fields of Envoy's API in which HTTP filters stand.</summary>
internal static class FilterSlots
{
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
