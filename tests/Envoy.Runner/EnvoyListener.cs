using System.Text.Json.Nodes;

namespace Envoy.Runner;

/// <summary>A port with an HTTP connection manager that speaks HTTP/1.1 and HTTP/2 (prior knowledge).</summary>
/// <param name="Name">the listener's name and its stat prefix</param>
public sealed record EnvoyListener(string Name)
{
    /// <summary>The port on 127.0.0.1; 0 lets the kernel choose.</summary>
    public int Port { get; init; }

    /// <summary>The ext_proc filters, as Envoy takes them: the first sees a request first.</summary>
    public required IReadOnlyList<ExtProcFilter> Filters { get; init; }

    /// <summary>HTTP filters above the ext_proc filters, each a whole <c>HttpFilter</c> message.</summary>
    public IReadOnlyList<JsonObject> FiltersAbove { get; init; } = [];

    public required IReadOnlyList<EnvoyRoute> Routes { get; init; }

    /// <summary>Upgrades that are let through, such as <c>websocket</c> and <c>CONNECT</c>.</summary>
    public IReadOnlyList<string> Upgrades { get; init; } = [];

    /// <summary>After this time without a byte on a stream Envoy gives up: 408, 504 or a reset.</summary>
    public TimeSpan StreamIdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The client's 100-continue is answered by the upstream rather than by Envoy.</summary>
    public bool Proxy100Continue { get; init; }

    /// <summary>The limit of a request that Envoy buffers, in bytes; null keeps Envoy's 1 MiB (HTTP/1.1 only).</summary>
    public int? BufferLimitBytes { get; init; }

    /// <summary>HTTP/2 stream window in bytes; null keeps Envoy's 16 MiB.</summary>
    public int? StreamWindowBytes { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["address"] = EnvoyConfig.Loopback(Port),
            ["filter_chains"] = new JsonArray(new JsonObject
            {
                ["filters"] = new JsonArray(new JsonObject
                {
                    ["name"] = "envoy.filters.network.http_connection_manager", ["typed_config"] = ConnectionManager(),
                }),
            }),
        };
        if (BufferLimitBytes is { } limit)
        {
            json["per_connection_buffer_limit_bytes"] = limit;
        }

        return json;
    }

    private JsonObject ConnectionManager() => EnvoyConfig.Typed(
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        ("stat_prefix", Name),
        ("codec_type", "AUTO"),
        ("http_protocol_options", new JsonObject { ["enable_trailers"] = true }),
        ("http2_protocol_options", Http2Options()),
        ("stream_idle_timeout", EnvoyConfig.Duration(StreamIdleTimeout)),
        ("proxy_100_continue", Proxy100Continue),
        ("upgrade_configs", EnvoyConfig.Array(Upgrades.Select(type => new JsonObject { ["upgrade_type"] = type }))),
        ("route_config", new JsonObject { ["virtual_hosts"] = EnvoyConfig.Array(Routes.GroupBy(route => route.Authority).Select(VirtualHost)) }),
        ("http_filters", EnvoyConfig.Array([.. FiltersAbove.Select(filter => filter.DeepClone()), .. Filters.Select(filter => filter.ToJson()), Router()])),
        ("access_log", new JsonArray(AccessLog())));

    private JsonObject Http2Options()
    {
        var options = new JsonObject { ["allow_connect"] = true };
        if (StreamWindowBytes is { } window)
        {
            options["initial_stream_window_size"] = window;
            options["initial_connection_window_size"] = window;
        }

        return options;
    }

    private static JsonObject VirtualHost(IGrouping<string, EnvoyRoute> routes) => new()
    {
        ["name"] = routes.Key,
        ["domains"] = routes.Key == "*" ? new JsonArray("*") : new JsonArray(routes.Key, routes.Key + ":*"),
        ["routes"] = EnvoyConfig.Array(routes.Select(route => route.ToJson())),
    };

    private static JsonObject Router() => new()
    {
        ["name"] = "envoy.filters.http.router", ["typed_config"] = EnvoyConfig.Typed("envoy.extensions.filters.http.router.v3.Router"),
    };

    /// <summary>One line an exchange with what Envoy thought of it: the first thing to read when a test fails.</summary>
    private static JsonObject AccessLog() => new()
    {
        ["name"] = "envoy.access_loggers.stderr",
        ["typed_config"] = EnvoyConfig.Typed(
            "envoy.extensions.access_loggers.stream.v3.StderrAccessLog",
            ("log_format", new JsonObject
            {
                ["text_format_source"] = new JsonObject
                {
                    ["inline_string"] =
                        "[access] %START_TIME% %REQ(:METHOD)% %REQ(:AUTHORITY)% %REQ(X-TEST-ID)% %PROTOCOL% %RESPONSE_CODE% %RESPONSE_CODE_DETAILS% %RESPONSE_FLAGS% in=%BYTES_RECEIVED% out=%BYTES_SENT% %DURATION%ms\n",
                },
            })),
    };
}
