using System.Text.Json.Nodes;
using Envoy.Runner;
using ExtProc.EndToEnd.Lab;

namespace ExtProc.EndToEnd.Streams;

/// <summary>However often Envoy asks whether the connection lives, it is answered, and the connection is not closed for it.</summary>
public sealed class KeepAlivePingTests
{
    // Google's client sends three in 25 seconds where nothing is asked; those that are seen here measure the connection's speed.
    private const int EnvoyPings = 200, GooglePings = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Sending Keen = new("keepalive", "as often as may be", Fate.Served, Fate.Served)
    {
        Http2Options = new JsonObject { ["connection_keepalive"] = new JsonObject { ["interval"] = "0.001s", ["timeout"] = "20s" } },
        ChannelArguments = new Dictionary<string, object>
        {
            ["grpc.keepalive_time_ms"] = 1, ["grpc.keepalive_permit_without_calls"] = 1, ["grpc.http2.max_pings_without_data"] = 0,
        },
    };

    public static TheoryData<string, GrpcClient> Each => Cases.With(Enum.GetValues<GrpcClient>());

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Pings_at_the_shortest_interval_that_Envoy_takes_are_answered(string version, GrpcClient client)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await using FreshLab lab = await FreshLab.StartAsync(version, client, Keen, new EnvoyProcessingMode());
        await using var connection = await lab.ConnectAsync(deadline.Token);

        while (lab.Spy.Pings < (client == GrpcClient.Envoy ? EnvoyPings : GooglePings))
        {
            Assert.Equal(200, (await FreshLab.AskAsync(connection, deadline.Token)).Status);
        }

        while (lab.Spy.Pongs < lab.Spy.Pings - 1)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, deadline.Token);
        }

        await lab.AssertUnharmedAsync(deadline.Token);
    }
}
