using System.Net;
using System.Text.Json.Nodes;

namespace Envoy.Runner;

/// <summary>The protocol that Envoy speaks to a cluster.</summary>
public enum UpstreamProtocol
{
    /// <summary>HTTP/1.1, with trailers.</summary>
    Http1,

    /// <summary>HTTP/2 in clear text with prior knowledge.</summary>
    Http2,
}

/// <summary>Endpoints on loopback, one as a rule.</summary>
/// <param name="Name">what routes and filters call it</param>
/// <param name="Port">its port on 127.0.0.1</param>
/// <param name="Protocol">what it speaks</param>
public sealed record EnvoyCluster(string Name, int Port, UpstreamProtocol Protocol)
{
    private const int Unlimited = 100_000;

    /// <summary>HTTP/2 stream window in bytes; null keeps Envoy's 16 MiB.</summary>
    public int? StreamWindowBytes { get; init; }

    /// <summary>The limit of a response that Envoy buffers, in bytes; null keeps Envoy's 1 MiB (HTTP/1.1 only).</summary>
    public int? BufferLimitBytes { get; init; }

    /// <summary>Ports of further endpoints.</summary>
    public IReadOnlyList<int> MorePorts { get; init; } = [];

    /// <summary>
    /// Asks each endpoint's gRPC health of the ext_proc service that often, and believes the second answer of a kind; null asks nothing.
    /// </summary>
    public TimeSpan? HealthCheckInterval { get; init; }

    /// <summary>Fields of <c>http2_protocol_options</c> that have no property here; they are added as they are.</summary>
    public JsonObject MoreHttp2Options { get; init; } = [];

    /// <summary>HTTP filters on the way to the endpoint, each a whole <c>HttpFilter</c> message; the codec's own is added.</summary>
    public IReadOnlyList<JsonObject> UpstreamFilters { get; init; } = [];

    /// <summary>A whole <c>TransportSocket</c> message, such as TLS; null is clear text.</summary>
    public JsonObject? TransportSocket { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["connect_timeout"] = "10s",
            ["circuit_breakers"] = new JsonObject
            {
                ["thresholds"] = new JsonArray(new JsonObject
                {
                    ["max_connections"] = Unlimited, ["max_pending_requests"] = Unlimited, ["max_requests"] = Unlimited,
                }),
            },
            ["typed_extension_protocol_options"] = new JsonObject
            {
                ["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"] = EnvoyConfig.Typed(
                    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", ("explicit_http_config", ProtocolOptions()), ("http_filters", HttpFilters())),
            },
            ["load_assignment"] = new JsonObject
            {
                ["cluster_name"] = Name,
                ["endpoints"] = new JsonArray(new JsonObject
                {
                    ["lb_endpoints"] = new JsonArray([.. MorePorts.Prepend(Port).Select(Endpoint)]),
                }),
            },
        };
        if (BufferLimitBytes is { } limit)
        {
            json["per_connection_buffer_limit_bytes"] = limit;
        }

        if (TransportSocket is { } socket)
        {
            json["transport_socket"] = socket.DeepClone();
        }

        if (HealthCheckInterval is { } interval)
        {
            json["health_checks"] = new JsonArray(HealthCheck($"{interval.TotalSeconds}s"));
            json["common_lb_config"] = new JsonObject { ["healthy_panic_threshold"] = new JsonObject { ["value"] = 0 } };
        }

        return json;
    }

    private static JsonNode Endpoint(int port) => new JsonObject
    {
        ["endpoint"] = new JsonObject { ["address"] = EnvoyConfig.Address(new IPEndPoint(IPAddress.Loopback, port)) },
    };

    private static JsonObject HealthCheck(string interval) => new()
    {
        ["timeout"] = "5s",
        ["interval"] = interval,
        ["no_traffic_interval"] = interval,
        ["unhealthy_threshold"] = 2,
        ["healthy_threshold"] = 1,
        ["grpc_health_check"] = new JsonObject { ["service_name"] = "envoy.service.ext_proc.v3.ExternalProcessor" },
    };

    private JsonObject ProtocolOptions()
    {
        if (Protocol == UpstreamProtocol.Http1)
        {
            return new JsonObject { ["http_protocol_options"] = new JsonObject { ["enable_trailers"] = true } };
        }

        var options = new JsonObject { ["allow_connect"] = true };
        if (StreamWindowBytes is { } window)
        {
            options["initial_stream_window_size"] = window;
            options["initial_connection_window_size"] = window;
        }

        foreach (var (name, value) in MoreHttp2Options)
        {
            options[name] = value?.DeepClone();
        }

        return new JsonObject { ["http2_protocol_options"] = options };
    }

    private JsonArray? HttpFilters() => UpstreamFilters.Count == 0 ? null : EnvoyConfig.Array(
    [
        .. UpstreamFilters.Select(filter => filter.DeepClone()),
        new JsonObject
        {
            ["name"] = "envoy.filters.http.upstream_codec",
            ["typed_config"] = EnvoyConfig.Typed("envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec"),
        },
    ]);
}
