using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Model;

/// <summary>
/// The bytes that Envoy gathers of a BUFFERED body before it refuses it (413, or 500 for a response): the listener's
/// <c>per_connection_buffer_limit_bytes</c>, which a route or virtual host can raise and not lower. The limits of clusters have no say,
/// neither the processor's nor the upstream's. Measured on 1.36.4, 1.38.3 and 1.40.0.
/// </summary>
internal static class BodyLimits
{
    /// <summary>A listener's limit where none is written.</summary>
    public const decimal Default = 1024 * 1024;

    /// <summary>Before, routes raised the limit of responses only.</summary>
    private static readonly EnvoyVersion RoutesRaiseRequestsSince = new(38, 0);

    /// <summary>The limit on a way; the default where the listener is not in the document.</summary>
    public static decimal Of(RoutedFilter routed, Direction direction, EnvoyVersion version) =>
        Math.Max(NumberOf(ListenerOf(routed.Filter)?.Field("per_connection_buffer_limit_bytes")) ?? Default, Raised(routed, direction, version) ?? 0);

    /// <summary>The listener around a filter; null when there is none in the document.</summary>
    public static MappingNode? ListenerOf(ExtProcFilter filter)
    {
        for (Node? node = filter.ConnectionManager; node is not null; node = node.Parent)
        {
            if (node is MappingNode mapping && (mapping.Field("filter_chains") ?? mapping.Field("default_filter_chain")) is not null)
            {
                return mapping;
            }
        }

        return null;
    }

    /// <summary>A number of bytes, in the forms that protobuf's JSON has; null for none.</summary>
    public static decimal? NumberOf(Node? node) =>
        node is MappingNode wrapper ? NumberOf(wrapper.Field("value"))
        : decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number
        : null;

    private static decimal? Raised(RoutedFilter routed, Direction direction, EnvoyVersion version) =>
        routed.Path is { } path && (direction == Direction.Response || version >= RoutesRaiseRequestsSince)
            ? LimitOf(path.Route) ?? LimitOf(path.VirtualHost)
            : null;

    private static decimal? LimitOf(MappingNode level) =>
        NumberOf(level.Field("request_body_buffer_limit")) ?? NumberOf(level.Field("per_request_buffer_limit_bytes"));
}
