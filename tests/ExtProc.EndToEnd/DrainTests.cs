using System.Net;
using Envoy.Runner;
using ExtProc.EndToEnd.Lab;

namespace ExtProc.EndToEnd;

/// <summary>One of two servers behind an Envoy is stopped under load: no client notices.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task A_server_that_Envoy_asks_for_its_health_ends_without_costing_an_exchange(string version)
    {
        await using var going = await ExtProcServerProcess.StartAsync(null, drainDelay: "5s");
        await using var staying = await ExtProcServerProcess.StartAsync(null);
        await using var envoy = await EnvoyProcess.StartAsync(EnvoyBinary.Find(version), Config(going.Port, staying.Port));
        using Load load = new($"http://127.0.0.1:{envoy.PortOf("drained")}/");

        // Only when both are known to be healthy does one that goes lead to the other.
        await UntilAsync(async () => (await envoy.Admin.StatsAsync("cluster.extproc.membership_healthy", CancellationToken.None)).Values.Single() == 2);
        using CancellationTokenSource enough = new();
        Task<IReadOnlyList<HttpStatusCode>> clients = load.RunAsync(4, enough.Token);
        bool ended = await going.StopAsync(Patience);
        await enough.CancelAsync();

        IReadOnlyList<HttpStatusCode> statuses = await clients.WaitAsync(Patience);
        Assert.True(ended, "the server did not end");
        Assert.Equal(0, going.ExitCode);
        Assert.InRange(statuses.Count, 20, int.MaxValue);
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    private static EnvoyConfig Config(int going, int staying) => new()
    {
        Listeners =
        [
            new EnvoyListener("drained")
            {
                Filters = [new ExtProcFilter("extproc", EnvoyProcessingMode.Both(BodyMode.None))],
                Routes = [new EnvoyRoute("*", "extproc") { DirectResponseStatus = 200 }],
            },
        ],
        Clusters =
        [
            new EnvoyCluster("extproc", going, UpstreamProtocol.Http2) { MorePorts = [staying], HealthCheckInterval = TimeSpan.FromSeconds(1) },
        ],
    };

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource late = new(Patience);
        while (!await condition())
        {
            Assert.False(late.IsCancellationRequested, "the servers did not become healthy");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Clients that ask for one thing, one request after the other.</summary>
    private sealed class Load(string url) : IDisposable
    {
        private readonly HttpClient _client = new() { Timeout = Patience };

        public void Dispose() => _client.Dispose();

        public async Task<IReadOnlyList<HttpStatusCode>> RunAsync(int clients, CancellationToken enough) =>
            [.. (await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => AskAsync(enough), CancellationToken.None)))).SelectMany(each => each)];

        private async Task<List<HttpStatusCode>> AskAsync(CancellationToken enough)
        {
            List<HttpStatusCode> statuses = [];
            while (!enough.IsCancellationRequested)
            {
                using HttpResponseMessage answer = await _client.GetAsync(new Uri(url), CancellationToken.None);
                statuses.Add(answer.StatusCode);
            }

            return statuses;
        }
    }
}
