using Envoy.Runner;
using ExtProc.EndToEnd.Authors;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Streams;

/// <summary>An Envoy and a server that have not met yet, with a spy between them. Envoy itself answers the clients.</summary>
internal sealed class FreshLab : IAsyncDisposable
{
    private const string Name = "fresh", Cluster = "extproc";

    private readonly EnvoyProcess envoy;

    private FreshLab(EnvoyProcess envoy, StreamSpy spy, PipelineHost host) => (this.envoy, Spy, Host) = (envoy, spy, host);

    public StreamSpy Spy { get; }

    public PipelineHost Host { get; }

    public static async Task<FreshLab> StartAsync(string version, GrpcClient client, Sending sending, EnvoyProcessingMode mode)
    {
        PipelineHost host = await PipelineHost.StartAsync(SendingLab.Scene);
        StreamSpy spy = new(host.Port);
        EnvoyProcess envoy = await EnvoyProcess.StartAsync(EnvoyBinary.Find(version), new EnvoyConfig
        {
            Listeners =
            [
                new EnvoyListener(Name)
                {
                    Filters = [new ExtProcFilter(Cluster, mode) { Extra = new() { ["grpc_service"] = sending.Service(client, Cluster, spy.Port) } }],
                    Routes = [new EnvoyRoute("*", "") { DirectResponseStatus = 200 }],
                },
            ],
            Clusters = [sending.Cluster(Cluster, spy.Port)],
        });
        return new FreshLab(envoy, spy, host);
    }

    public Task<Http2Connection> ConnectAsync(CancellationToken cancel) => Http2Connection.OpenAsync(envoy.PortOf(Name), cancel);

    public Task<ExtProcCounters> CountersAsync(CancellationToken cancel) => envoy.CountersAsync(Name, cancel);

    /// <summary>Sends a request without a body.</summary>
    public static async Task<Answer> AskAsync(Http2Connection connection, CancellationToken cancel)
    {
        await using Http2Exchange exchange = new(connection, ownsConnection: false);
        var call = Call.Get("/fresh");
        return await Caller.SendAsync(exchange, call.HeadFor("fresh.test", Visit.NextTestId()), call, cancel);
    }

    /// <summary>All went over one connection, which the server did not end, and Envoy counted no trouble.</summary>
    public async Task AssertUnharmedAsync(CancellationToken cancel)
    {
        Assert.Equal((1, 0), (Spy.Connections, Spy.GoAways));
        Assert.DoesNotContain(Host.Log.All, line => line.Contains("refused", StringComparison.Ordinal));
        Assert.Equal((0, 0, 0), await TroubleAsync(cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await envoy.DisposeAsync();
        await Spy.DisposeAsync();
        await Host.DisposeAsync();
    }

    private async Task<(long, long, long)> TroubleAsync(CancellationToken cancel)
    {
        ExtProcCounters counters = await CountersAsync(cancel);
        return (counters["streams_failed"], counters["message_timeouts"], counters["failure_mode_allowed"]);
    }
}
