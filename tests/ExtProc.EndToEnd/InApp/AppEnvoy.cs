using System.Text.Json.Nodes;
using Envoy.Runner;
using ExtProc.EndToEnd.Upstream;

namespace ExtProc.EndToEnd.InApp;

/// <summary>How one listener of an Envoy reaches an app.</summary>
/// <param name="Name">the listener's</param>
/// <param name="Port">the app's</param>
internal sealed record Way(string Name, int Port)
{
    /// <summary><c>envoy_grpc.authority</c>; null is the cluster's name.</summary>
    public string? Authority { get; init; }

    /// <summary><c>grpc_service.initial_metadata</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The cluster's TLS.</summary>
    public JsonObject? TransportSocket { get; init; }

    public string Cluster => $"extproc-{Name}";

    public EnvoyListener Listener => new(Name)
    {
        Filters = [new ExtProcFilter(Cluster, new EnvoyProcessingMode()) { Extra = new JsonObject { ["grpc_service"] = Service() } }],
        Routes = [new EnvoyRoute("*", "upstream")],
    };

    private JsonObject Service()
    {
        JsonObject grpc = new() { ["cluster_name"] = Cluster };
        if (Authority is not null)
        {
            grpc["authority"] = Authority;
        }

        return new JsonObject
        {
            ["envoy_grpc"] = grpc,
            ["initial_metadata"] = new JsonArray([.. Metadata.Select(field => new JsonObject { ["key"] = field.Key, ["value"] = field.Value })]),
        };
    }
}

/// <summary>A real Envoy before an app, with an upstream behind it.</summary>
internal sealed class AppEnvoy : IAsyncDisposable
{
    /// <summary>For a whole test, on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly EnvoyProcess _envoy;
    private readonly UpstreamServer _upstream;
    private readonly HttpClient _client = new();

    private AppEnvoy(EnvoyProcess envoy, UpstreamServer upstream) => (_envoy, _upstream) = (envoy, upstream);

    public static async Task<AppEnvoy> StartAsync(string version, CancellationToken cancel, params Way[] ways)
    {
        UpstreamServer upstream = await UpstreamServer.StartAsync();
        return new(await EnvoyProcess.StartAsync(EnvoyBinary.Find(version), new EnvoyConfig
        {
            Listeners = [.. ways.Select(way => way.Listener)],
            Clusters =
            [
                new EnvoyCluster("upstream", upstream.Http1Port, UpstreamProtocol.Http1),
                .. ways.Select(way => new EnvoyCluster(way.Cluster, way.Port, UpstreamProtocol.Http2) { TransportSocket = way.TransportSocket }),
            ],
        }, cancel), upstream);
    }

    /// <summary>Sends a request; its status, and which pipeline has marked it.</summary>
    public async Task<(int Status, string? MarkedBy)> AskAsync(string listener, CancellationToken cancel, string path = "/text?say=hello")
    {
        using HttpResponseMessage answer = await GetAsync(listener, path, cancel);
        return ((int)answer.StatusCode, answer.Headers.TryGetValues(Mark.Header, out var by) ? string.Join(',', by) : null);
    }

    /// <summary>Sends a request.</summary>
    public Task<HttpResponseMessage> GetAsync(string listener, string path, CancellationToken cancel) =>
        _client.GetAsync(new Uri($"http://127.0.0.1:{_envoy.PortOf(listener)}{path}"), cancel);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _envoy.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
