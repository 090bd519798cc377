using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Envoy.Runner;

namespace ExtProc.EndToEnd.Streams;

/// <summary>Something that Envoy's configuration makes it send at the start of a stream, and what becomes of it.</summary>
/// <param name="Kind">The kind of thing: the first column of the table.</param>
/// <param name="What">The thing itself, which nothing else of its kind is called.</param>
/// <param name="Envoy">What becomes of it with envoy_grpc; null where that client cannot be made to send it.</param>
/// <param name="Google">The same with google_grpc.</param>
internal sealed record Sending(string Kind, string What, Fate? Envoy, Fate? Google)
{
    /// <summary>The name of the cluster; null for one that nobody minds.</summary>
    public string? ClusterName { get; init; }

    /// <summary>The authority that is set; null leaves each client its own.</summary>
    public string? Authority { get; init; }

    /// <summary>Google's target, with <c>{port}</c> where the port belongs.</summary>
    public string Target { get; init; } = "127.0.0.1:{port}";

    /// <summary><c>grpc_service.initial_metadata</c>.</summary>
    public IReadOnlyList<(string Key, string Value)> Metadata { get; init; } = [];

    /// <summary>The channel arguments of google_grpc.</summary>
    public IReadOnlyDictionary<string, object> ChannelArguments { get; init; } = new Dictionary<string, object>();

    /// <summary><c>http2_protocol_options</c> of the cluster of envoy_grpc.</summary>
    public JsonObject Http2Options { get; init; } = [];

    /// <summary>A header that a filter in the cluster removes from what envoy_grpc sends.</summary>
    public string? Removed { get; init; }

    /// <summary><c>grpc_service.timeout</c>.</summary>
    public string? Timeout { get; init; }

    /// <summary>What arrives: a value by name, or null for a name that does not. Null expects the metadata.</summary>
    public IReadOnlyList<(string Name, string? Value)>? Arrives { get; init; }

    /// <summary>Whether the messages arrive compressed.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>What becomes of it.</summary>
    public Fate? FateWith(GrpcClient client) => client == GrpcClient.Envoy ? Envoy : Google;

    /// <summary>What must be among the stream's header fields.</summary>
    public IEnumerable<(string Name, string? Value)> Expected(Fate fate) => fate.IsLeftOut
        ? []
        : Arrives ?? [.. Metadata.Select(field => (field.Key.ToLowerInvariant(), (string?)OnTheWire(field.Value))), .. Authority is null ? [] : new (string, string?)[] { (":authority", OnTheWire(Authority)) }];

    /// <summary>What must not be among them.</summary>
    public IEnumerable<(string Key, string Value)> Forbidden(Fate fate) => fate.IsLeftOut ? Metadata : [];

    /// <summary>The <c>grpc_service</c> of a filter.</summary>
    public JsonObject Service(GrpcClient client, string cluster, int port)
    {
        var service = new JsonObject { [client == GrpcClient.Envoy ? "envoy_grpc" : "google_grpc"] = client == GrpcClient.Envoy ? EnvoyGrpc(cluster) : GoogleGrpc(port) };
        if (Metadata.Count > 0)
        {
            service["initial_metadata"] = new JsonArray([.. Metadata.Select(field => new JsonObject { ["key"] = field.Key, ["value"] = field.Value })]);
        }

        if (Timeout is not null)
        {
            service["timeout"] = Timeout;
        }

        return service;
    }

    /// <summary>The cluster of envoy_grpc.</summary>
    public EnvoyCluster Cluster(string name, int port) => new(name, port, UpstreamProtocol.Http2)
    {
        MoreHttp2Options = Http2Options,
        UpstreamFilters = Removed is null ? [] : [Removal(Removed)],
    };

    public override string ToString() => $"{Kind} {What}";

    // The tests' client of HTTP/2 reads each byte as a letter.
    private static string OnTheWire(string value) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value));

    private JsonObject EnvoyGrpc(string cluster)
    {
        var grpc = new JsonObject { ["cluster_name"] = cluster };
        if (Authority is not null)
        {
            grpc["authority"] = Authority;
        }

        return grpc;
    }

    private JsonObject GoogleGrpc(int port)
    {
        var arguments = new JsonObject(ChannelArguments.Select(argument => KeyValuePair.Create<string, JsonNode?>(argument.Key, ValueOf(argument.Value))));
        if (Authority is not null)
        {
            arguments["grpc.default_authority"] = ValueOf(Authority);
        }

        return new JsonObject
        {
            ["target_uri"] = Target.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
            ["stat_prefix"] = "google",
            ["channel_args"] = new JsonObject { ["args"] = arguments },
        };
    }

    private static JsonObject ValueOf(object value) =>
        value is int number ? new JsonObject { ["int_value"] = number } : new JsonObject { ["string_value"] = (string)value };

    private static JsonObject Removal(string header) => new()
    {
        ["name"] = "envoy.filters.http.header_mutation",
        ["typed_config"] = new JsonObject
        {
            ["@type"] = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
            ["mutations"] = new JsonObject { ["request_mutations"] = new JsonArray(new JsonObject { ["remove"] = header }) },
        },
    };
}
