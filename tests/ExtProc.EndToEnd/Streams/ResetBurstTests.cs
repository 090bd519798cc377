using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Streams;

/// <summary>
/// Envoy resets the stream of an exchange that is over, and of one whose client goes: as many resets as there are requests, which a
/// server for strangers would take for an attack.
/// </summary>
public sealed class ResetBurstTests
{
    private const int Clients = 50, ExchangesEach = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Sending Plain = new("resets", "as quickly as may be", Fate.Served, Fate.Served);

    public static TheoryData<string, GrpcClient> Each => Cases.With(Enum.GetValues<GrpcClient>());

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Thousands_of_exchanges_that_end_by_a_reset_share_one_connection(string version, GrpcClient client)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await using FreshLab lab = await FreshLab.StartAsync(version, client, Plain, new EnvoyProcessingMode());
        await using var connection = await lab.ConnectAsync(deadline.Token);
        Assert.Equal(200, (await FreshLab.AskAsync(connection, deadline.Token)).Status);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => BeClientAsync(lab, leaves: number % 2 == 0, deadline.Token)));

        Assert.Equal(200, (await FreshLab.AskAsync(connection, deadline.Token)).Status);
        Assert.InRange(lab.Spy.Resets, Clients * ExchangesEach / 4, Clients * ExchangesEach + 2);
        await lab.AssertUnharmedAsync(deadline.Token);
    }

    /// <summary>On a connection of its own, for Envoy closes one on which hundreds of requests were left.</summary>
    private static async Task BeClientAsync(FreshLab lab, bool leaves, CancellationToken cancel)
    {
        await using var connection = await lab.ConnectAsync(cancel);
        for (int count = 0; count < ExchangesEach; count++)
        {
            await (leaves ? LeaveAsync(connection, cancel) : AskAsync(connection, cancel));
        }
    }

    private static async Task AskAsync(Http2Connection connection, CancellationToken cancel) => Assert.Equal(200, (await FreshLab.AskAsync(connection, cancel)).Status);

    /// <summary>A client that goes as soon as it has asked.</summary>
    private static async Task LeaveAsync(Http2Connection connection, CancellationToken cancel)
    {
        await using Http2Exchange exchange = new(connection, ownsConnection: false);
        await exchange.SendHeadAsync(Call.Get("/fresh").HeadFor("fresh.test", Visit.NextTestId()), cancel);
        await exchange.AbortAsync(cancel);
    }
}
