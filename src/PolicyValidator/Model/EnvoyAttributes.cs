using System.Text.RegularExpressions;
using PolicyValidator.Decoding;
using PolicyValidator.Rules;

namespace PolicyValidator.Model;

/// <summary>
/// The attributes that Envoy knows. Only plain paths such as <c>request.path</c> can be judged: other expressions make values of their own.
/// Source: Envoy's documentation of attributes and <c>source/extensions/filters/common/expr/context.h</c>, asked of 1.36.4 and 1.40.0.
/// </summary>
internal static partial class EnvoyAttributes
{
    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["request"] = ["path", "url_path", "host", "scheme", "method", "headers", "referer", "useragent", "time", "id", "protocol", "query", "duration", "size", "total_size", "headers_bytes"],
        ["response"] = ["code", "code_details", "flags", "grpc_status", "headers", "trailers", "size", "total_size", "backend_latency"],
        ["connection"] =
        [
            "id", "mtls", "requested_server_name", "tls_version", "subject_local_certificate", "subject_peer_certificate", "dns_san_local_certificate", "dns_san_peer_certificate",
            "uri_san_local_certificate", "uri_san_peer_certificate", "sha256_peer_certificate_digest", "transport_failure_reason", "termination_details",
        ],
        ["upstream"] =
        [
            "address", "port", "tls_version", "subject_local_certificate", "subject_peer_certificate", "dns_san_local_certificate", "dns_san_peer_certificate", "uri_san_local_certificate",
            "uri_san_peer_certificate", "sha256_peer_certificate_digest", "local_address", "transport_failure_reason", "request_attempt_count", "cx_pool_ready_duration", "num_endpoints", "locality",
        ],
        ["source"] = ["address", "port"],
        ["destination"] = ["address", "port"],
        ["xds"] =
        [
            "node", "cluster_name", "cluster_metadata", "listener_direction", "listener_metadata", "route_name", "route_metadata", "virtual_host_name", "virtual_host_metadata",
            "upstream_host_metadata", "upstream_host_locality_metadata", "filter_chain_name",
        ],
        ["metadata"] = [],
        ["filter_state"] = [],
        ["upstream_filter_state"] = [],
    };

    private static readonly (string Path, EnvoyVersion Since)[] Newer = [("request.headers_bytes", new(37, 0))];

    /// <summary>Why a plain path names nothing, and what to write; null for what names something, or is no plain path.</summary>
    public static (string Message, string Help)? Problem(string expression, EnvoyVersion version)
    {
        string path = expression.Trim();
        if (!PlainPath().IsMatch(path))
        {
            return null;
        }

        string[] steps = path.TrimStart('.').Split('.');
        string start = string.Join('.', steps.Take(2));
        if (Newer.FirstOrDefault(newer => newer.Path == start && version < newer.Since) is { Path: not null } later)
        {
            return ($"the attribute {later.Path} came with Envoy 1.{later.Since.Minor}", "leave it out until all proxies run that release");
        }

        return !Members.TryGetValue(steps[0], out string[]? members) || (steps.Length > 1 && members.Length > 0 && !members.Contains(steps[1]))
            ? ($"Envoy has no attribute {path}", Described.Near(path, All) is { } near ? $"write {near}" : "write one of Envoy's attributes, such as request.path or source.address, or leave it out")
            : null;
    }

    private static IReadOnlyList<string> All { get; } =
        [.. Members.SelectMany(group => group.Value.Length == 0 ? [group.Key] : group.Value.Select(member => $"{group.Key}.{member}"))];

    [GeneratedRegex(@"^\.?[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PlainPath();
}
