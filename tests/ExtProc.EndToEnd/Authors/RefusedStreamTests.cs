using System.Text.Json.Nodes;
using Envoy.Runner;
using ExtProc.Configuration;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.Pipeline;

namespace ExtProc.EndToEnd.Authors;

/// <summary>What a real Envoy sends that HTTP/2 on our side refuses, or used to: the name of a cluster as authority, and much metadata.</summary>
public sealed class RefusedStreamTests
{
    private const string IstioName = "outbound|9000||extproc.default.svc.cluster.local", Plain = "plain", Bare = "bare", Named = "named", Laden = "laden";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task A_cluster_named_in_the_manner_of_Istio_needs_an_authority_and_the_log_says_so(string version)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await using var upstream = await UpstreamServer.StartAsync();
        await using var host = await PipelineHost.StartAsync(new AuthorScene(Plain, PipelineDefinition.PassThrough, new EnvoyDeclaration { ProcessingMode = new() }));
        await using var envoy = await EnvoyProcess.StartAsync(EnvoyBinary.Find(version), new EnvoyConfig
        {
            Listeners = [Listener(Bare, Service(authority: null)), Listener(Named, Service("extproc.default")), Listener(Laden, Service("extproc.default", Metadata(60, bytesEach: 1_000)))],
            Clusters = [new EnvoyCluster(IstioName, host.Port, UpstreamProtocol.Http2), new EnvoyCluster("http1", upstream.Http1Port, UpstreamProtocol.Http1)],
        });

        Assert.Equal(500, await AskAsync(envoy, Bare, deadline.Token));
        string told = await ToldAsync(host, deadline.Token);
        Assert.Contains($"'{IstioName}'", told, StringComparison.Ordinal);
        Assert.Contains("set grpc_service.envoy_grpc.authority", told, StringComparison.Ordinal);

        Assert.Equal(200, await AskAsync(envoy, Named, deadline.Token));
        Assert.Equal(200, await AskAsync(envoy, Laden, deadline.Token));
        Assert.Single(host.Log.All, line => line.Contains("refused before gRPC", StringComparison.Ordinal));
    }

    private static EnvoyListener Listener(string name, JsonObject service) => new(name)
    {
        Filters = [new ExtProcFilter(IstioName, new EnvoyProcessingMode()) { Extra = new JsonObject { ["grpc_service"] = service } }],
        Routes = [new EnvoyRoute("h1.test", "http1")],
    };

    private static JsonObject Service(string? authority, JsonArray? metadata = null)
    {
        var grpc = new JsonObject { ["cluster_name"] = IstioName };
        if (authority is not null)
        {
            grpc["authority"] = authority;
        }

        return new JsonObject { ["envoy_grpc"] = grpc, ["initial_metadata"] = metadata ?? [] };
    }

    private static JsonArray Metadata(int count, int bytesEach) =>
        [.. Enumerable.Range(0, count).Select(at => new JsonObject { ["key"] = $"x-{at}", ["value"] = new string('v', bytesEach) })];

    private static async Task<int> AskAsync(EnvoyProcess envoy, string listener, CancellationToken cancel)
    {
        var call = Call.Get("/text?say=hello");
        await using var exchange = await Caller.OpenAsync(ClientProtocol.Http1, envoy.PortOf(listener), cancel);
        return (await Caller.SendAsync(exchange, call.HeadFor(Topology.AuthorityOf(UpstreamProtocol.Http1), Visit.NextTestId()), call, cancel)).Status;
    }

    private static async Task<string> ToldAsync(PipelineHost host, CancellationToken cancel)
    {
        while (true)
        {
            if (host.Log.All.FirstOrDefault(line => line.Contains("refused before gRPC", StringComparison.Ordinal)) is { } line)
            {
                return line;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
        }
    }
}
