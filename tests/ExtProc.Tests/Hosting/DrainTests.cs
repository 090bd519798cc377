using System.Net;
using System.Net.Sockets;
using ExtProc.Tests.Transport;

namespace ExtProc.Tests.Hosting;

/// <summary>An end loses no exchange that was taken, nor one of an Envoy that learns of the end within the delay.</summary>
public class DrainTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public async Task A_stream_that_comes_while_GOAWAY_is_on_its_way_has_its_time(int afterMilliseconds)
    {
        await using var server = await ServerProcess.ServeAsync();
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream last = await HeldExchange.BeginAsync(client);
        await server.SignalAsync("TERM");
        await client.UntilAsync(() => client.GoAwayCode == 0, "GOAWAY");
        await last.FinishAsync();

        await Task.Delay(TimeSpan.FromMilliseconds(afterMilliseconds), TimeProvider.System, CancellationToken.None);
        RawStream late = await HeldExchange.BeginAsync(client);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);

        await late.FinishAsync();
        Assert.Equal(0, await server.ExitAsync());
        Assert.DoesNotContain(server.Errors, line => line.Contains("the time to finish is over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connections_are_taken_during_the_delay()
    {
        await using var server = await ServerProcess.ServeWithAsync(drainDelay: "10m");
        await server.SignalAsync("TERM");
        await server.LineAsync(server.Errors, line => line.Contains("new ones are taken for 10m (drain.delay)", StringComparison.Ordinal));

        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream exchange = await HeldExchange.BeginAsync(client);
        await server.SignalAsync("INT");
        await client.UntilAsync(() => client.GoAwayCode == 0, "GOAWAY");

        await exchange.FinishAsync();
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task Silent_connections_do_not_hold_up_the_end()
    {
        await using var server = await ServerProcess.ServeAsync("--drain-timeout", "1h");
        await using var idle = await RawHttp2Client.ConnectAsync(server.Port);
        using TcpClient silent = new();
        await silent.ConnectAsync(IPAddress.Loopback, server.Port);

        await server.SignalAsync("TERM");

        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task Exchanges_of_peers_that_ask_whether_it_is_ready_are_all_finished()
    {
        await using var server = await ServerProcess.ServeWithAsync(drainDelay: null);
        int finished = 0;
        Task[] peers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(PeerAsync))];
        await Until.TrueAsync(() => Volatile.Read(ref finished) >= 100, "exchanges run");

        await server.SignalAsync("TERM");

        await Task.WhenAll(peers).WaitAsync(ServerProcess.Patience);
        Assert.Equal(0, await server.ExitAsync());

        // Half of the exchanges on a connection that stays, half on one of their own.
        async Task PeerAsync()
        {
            await using var client = await RawHttp2Client.ConnectAsync(server.Port);
            while ((await server.AdminAsync("/ready")).Status is HttpStatusCode.OK)
            {
                await ExchangeAsync(client);
                await using var own = await RawHttp2Client.ConnectAsync(server.Port);
                await ExchangeAsync(own);
            }
        }

        async Task ExchangeAsync(RawHttp2Client client)
        {
            await (await HeldExchange.BeginAsync(client)).FinishAsync();
            Interlocked.Increment(ref finished);
        }
    }
}
