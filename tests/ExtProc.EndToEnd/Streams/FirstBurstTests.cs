using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Streams;

/// <summary>A fresh Envoy opens as many streams as it has requests before it knows how many the server takes.</summary>
public sealed class FirstBurstTests
{
    private const int Streams = 1_024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Sending Plain = new("burst", "from the first moment", Fate.Served, Fate.Served);

    public static TheoryData<string, GrpcClient> Each => Cases.With(Enum.GetValues<GrpcClient>());

    [Theory]
    [MemberData(nameof(Each))]
    public async Task As_many_streams_at_once_as_Envoy_may_have_are_all_served(string version, GrpcClient client)
    {
        using var deadline = new CancellationTokenSource(Patience);
        // In BUFFERED each stream stays open until its request's body has ended.
        await using FreshLab lab = await FreshLab.StartAsync(version, client, Plain, new EnvoyProcessingMode { RequestBody = BodyMode.Buffered });
        await using var connection = await lab.ConnectAsync(deadline.Token);
        Http2Exchange[] exchanges = [.. Enumerable.Range(0, Streams).Select(_ => new Http2Exchange(connection, ownsConnection: false))];

        await Task.WhenAll(exchanges.Select(exchange => exchange.SendHeadAsync(Head(), deadline.Token)));
        await AllOpenAsync(lab, deadline.Token);
        await Task.WhenAll(exchanges.Select(exchange => exchange.WriteLastAsync("body"u8.ToArray(), deadline.Token)));

        Answer[] answers = await Task.WhenAll(exchanges.Select(exchange => Caller.CollectAsync(exchange, deadline.Token)));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        await lab.AssertUnharmedAsync(deadline.Token);
    }

    private static RequestHead Head() => new("POST", "fresh.test", "/fresh", new Fields { { "x-test-id", Visit.NextTestId() } }, null, HasBody: true);

    private static async Task AllOpenAsync(FreshLab lab, CancellationToken cancel)
    {
        while (true)
        {
            ExtProcCounters counters = await lab.CountersAsync(cancel);
            Assert.Equal((0, 0), (counters["streams_failed"], counters["streams_closed"]));
            if (counters["streams_started"] == Streams)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancel);
        }
    }
}
