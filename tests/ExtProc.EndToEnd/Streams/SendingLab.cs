using System.Text.Json.Nodes;
using Envoy.Runner;
using ExtProc.Configuration;
using ExtProc.EndToEnd.Authors;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;
using ExtProc.Pipeline;
using ExtProc.Processors;

namespace ExtProc.EndToEnd.Streams;

/// <summary>Where a sending is tried: a listener of Envoy, and a spy in front of a server.</summary>
internal sealed record SendingPlace(string Listener, StreamSpy Spy, PipelineHost Host);

/// <summary>One Envoy with a listener for each sending and client. What is served shares a server; of what is refused each has one, for the sake of its log.</summary>
internal sealed class SendingLab : IAsyncDisposable
{
    /// <summary>On the answer of a request that was processed.</summary>
    public const string Mark = "x-processed";

    private const string Upstream = "upstream";

    private readonly EnvoyProcess envoy;
    private readonly IReadOnlyDictionary<(string, GrpcClient), SendingPlace> places;

    private readonly UpstreamServer upstream;

    private SendingLab(EnvoyProcess envoy, IReadOnlyDictionary<(string, GrpcClient), SendingPlace> places, UpstreamServer upstream) =>
        (this.envoy, this.places, this.upstream) = (envoy, places, upstream);

    /// <summary>The processing that shows in the answer.</summary>
    public static AuthorScene Scene { get; } = new(
        "sent",
        new PipelineDefinition("sent", [new(ProcessorKind.Of<HeadersProcessor, HeadersOptions>("headers", isShared: true), new HeadersOptions { Response = new() { Set = new Dictionary<string, string> { [Mark] = "yes" } } })]),
        new EnvoyDeclaration { ProcessingMode = new() });

    public static async Task<SendingLab> StartAsync(string version, IReadOnlyList<Sending> sendings)
    {
        UpstreamServer upstream = await UpstreamServer.StartAsync();
        PipelineHost shared = await PipelineHost.StartAsync(Scene);
        var places = new Dictionary<(string, GrpcClient), SendingPlace>();
        List<EnvoyListener> listeners = [];
        List<EnvoyCluster> clusters = [new(Upstream, upstream.Http1Port, UpstreamProtocol.Http1)];
        foreach (var (sending, client) in from sending in sendings from client in Enum.GetValues<GrpcClient>() where sending.FateWith(client) is { IsTried: true } select (sending, client))
        {
            PipelineHost host = sending.FateWith(client)!.Says is null ? shared : await PipelineHost.StartAsync(Scene);
            StreamSpy spy = new(host.Port);
            SendingPlace place = new($"listener-{places.Count}", spy, host);
            string cluster = sending.ClusterName ?? $"cluster-{places.Count}";
            places.Add((sending.ToString(), client), place);
            listeners.Add(ListenerOf(place.Listener, sending.Service(client, cluster, spy.Port)));
            if (client == GrpcClient.Envoy)
            {
                clusters.Add(sending.Cluster(cluster, spy.Port));
            }
        }

        EnvoyProcess envoy = await EnvoyProcess.StartAsync(EnvoyBinary.Find(version), new EnvoyConfig { Listeners = listeners, Clusters = clusters });
        return new SendingLab(envoy, places, upstream);
    }

    public SendingPlace Place(Sending sending, GrpcClient client) => places[(sending.ToString(), client)];

    /// <summary>Sends a request with enough in it that its message is worth compressing.</summary>
    public async Task<Answer> AskAsync(SendingPlace place, CancellationToken cancel)
    {
        var call = Call.Get("/text?say=sent") with { Headers = new Fields { { "x-long", new string('a', 1_000) } } };
        await using var exchange = await Caller.OpenAsync(ClientProtocol.Http1, envoy.PortOf(place.Listener), cancel);
        return await Caller.SendAsync(exchange, call.HeadFor("sent.test", Visit.NextTestId()), call, cancel);
    }

    public string EnvoyLog => envoy.Log.Tail(10);

    public async ValueTask DisposeAsync()
    {
        await envoy.DisposeAsync();
        foreach (StreamSpy spy in places.Values.Select(place => place.Spy))
        {
            await spy.DisposeAsync();
        }

        foreach (PipelineHost host in places.Values.Select(place => place.Host).Distinct())
        {
            await host.DisposeAsync();
        }

        await upstream.DisposeAsync();
    }

    private static EnvoyListener ListenerOf(string name, JsonObject service) => new(name)
    {
        Filters = [new ExtProcFilter("", new EnvoyProcessingMode()) { Extra = new JsonObject { ["grpc_service"] = service } }],
        Routes = [new EnvoyRoute("*", Upstream)],
    };
}

/// <summary>A lab a release, started by the first test that needs it.</summary>
public sealed class SendingLabs : IAsyncLifetime
{
    private readonly Dictionary<string, Lazy<Task<SendingLab>>> labs =
        Versions.Tested.ToDictionary(version => version, version => new Lazy<Task<SendingLab>>(() => SendingLab.StartAsync(version, Sendings.All)));

    internal Task<SendingLab> On(string version) => labs[version].Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var lab in labs.Values.Where(lab => lab.IsValueCreated))
        {
            await (await lab.Value).DisposeAsync();
        }
    }
}
