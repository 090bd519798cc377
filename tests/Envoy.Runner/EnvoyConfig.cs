using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Envoy.Runner;

/// <summary>A bootstrap configuration: listeners with ext_proc filters in front of clusters.</summary>
public sealed record EnvoyConfig
{
    /// <summary>The listeners; several can share one process, each with its own filters and stat prefix.</summary>
    public required IReadOnlyList<EnvoyListener> Listeners { get; init; }

    /// <summary>Upstreams and ext_proc servers.</summary>
    public required IReadOnlyList<EnvoyCluster> Clusters { get; init; }

    /// <summary>Keys of the static runtime layer, such as <c>envoy.reloadable_features.…</c>.</summary>
    public JsonObject Runtime { get; init; } = [];

    /// <summary>The admin port; 0 lets the kernel choose.</summary>
    public int AdminPort { get; init; }

    /// <summary>The configuration as JSON, which Envoy reads as the YAML that it is.</summary>
    public string ToJson() => new JsonObject
    {
        ["admin"] = new JsonObject { ["address"] = Loopback(AdminPort) },
        ["layered_runtime"] = new JsonObject
        {
            ["layers"] = new JsonArray(new JsonObject { ["name"] = "static", ["static_layer"] = Runtime.DeepClone() }),
        },
        ["static_resources"] = new JsonObject
        {
            ["listeners"] = Array(Listeners.Select(listener => listener.ToJson())),
            ["clusters"] = Array(Clusters.Select(cluster => cluster.ToJson())),
        },
    }.ToJsonString();

    internal static JsonObject Loopback(int port) => Address(new IPEndPoint(IPAddress.Loopback, port));

    internal static JsonObject Address(IPEndPoint endpoint) => new()
    {
        ["socket_address"] = new JsonObject { ["address"] = endpoint.Address.ToString(), ["port_value"] = endpoint.Port },
    };

    internal static JsonObject Typed(string type, params (string Name, JsonNode? Value)[] fields)
    {
        var json = new JsonObject { ["@type"] = $"type.googleapis.com/{type}" };
        foreach (var (name, value) in fields.Where(field => field.Value is not null))
        {
            json[name] = value;
        }

        return json;
    }

    internal static JsonArray Array(IEnumerable<JsonNode> items) => [.. items];

    internal static JsonNode Duration(TimeSpan value) =>
        JsonValue.Create(value.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture) + "s");
}
