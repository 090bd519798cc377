using System.Net.Sockets;
using System.Text;
using ExtProc.Tests.Hosting;
using ExtProc.Transport;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Tests.Transport;

/// <summary>Connections that nobody uses leave room for those that are used, and go in time.</summary>
public sealed class ConnectionGuardTests : IAsyncDisposable
{
    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private readonly List<TcpClient> _strangers = [];
    private Served _served = null!;

    /// <summary>What somebody may send who wants a connection and no call.</summary>
    public static TheoryData<string, byte[]> Strangers => new()
    {
        { "nothing", [] },
        { "one byte", Preface[..1] },
        { "half a preface", Preface[..12] },
        { "all of it but the last byte", Preface[..23] },
        { "HTTP/1.1 without an end", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n") },
        { "the beginning of TLS", [0x16, 3, 1, 2, 0, 1] },
    };

    /// <summary>What somebody may send who speaks HTTP/2 and has no call.</summary>
    public static TheoryData<string, byte[]> Speakers => new()
    {
        { "a preface", Preface },
        { "settings", [.. Preface, .. Frame(SettingsFrame, 0, 0, [])] },
        { "half a frame", [.. Preface, .. Frame(SettingsFrame, 0, 0, []), 0, 0, 9] },
        { "windows", [.. Preface, .. Frame(SettingsFrame, 0, 0, []), .. Frame(WindowFrame, 0, 0, [0, 0, 1, 0])] },
    };

    public async ValueTask DisposeAsync()
    {
        _strangers.ForEach(stranger => stranger.Dispose());
        await _served.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task One_without_a_preface_goes_in_time(string what, byte[] sent)
    {
        await StartAsync(new() { PrefaceTimeout = TimeSpan.FromSeconds(1) });
        TcpClient stranger = await ConnectAsync(sent);

        Assert.True(await EndsAsync(stranger), $"who sends {what} stays");
    }

    [Theory]
    [MemberData(nameof(Speakers))]
    public async Task One_without_a_call_goes_in_time(string what, byte[] sent)
    {
        await StartAsync(new() { UnusedConnectionTimeout = TimeSpan.FromSeconds(1) });
        TcpClient stranger = await ConnectAsync(sent);

        Assert.True(await EndsAsync(stranger), $"who sends {what} stays");
    }

    [Fact]
    public async Task Pings_do_not_keep_a_connection_that_has_no_call()
    {
        await StartAsync(new() { UnusedConnectionTimeout = TimeSpan.FromSeconds(1) });
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);

        await Until.TrueAsync(() => Ping(client).IsCompleted && client.Closed, "it is closed");

        Assert.Equal(0, client.GoAwayCode);

        static Task Ping(RawHttp2Client client) => client.Closed ? Task.CompletedTask : client.WriteAsync(Frame(PingFrame, 0, 0, new byte[8])).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task One_that_had_a_call_may_wait_longer_for_the_next()
    {
        await StartAsync(new() { UnusedConnectionTimeout = TimeSpan.FromSeconds(1) });
        await using RawHttp2Client used = await RawHttp2Client.ConnectAsync(_served.Port);
        await CallAsync(used);
        await using RawHttp2Client unused = await RawHttp2Client.ConnectAsync(_served.Port);

        await Until.TrueAsync(() => unused.Closed, "the unused one is closed");

        Assert.False(used.Closed);
        await CallAsync(used);
    }

    [Fact]
    public async Task A_used_one_goes_when_it_was_idle_for_too_long()
    {
        await StartAsync(new() { IdleConnectionTimeout = TimeSpan.FromSeconds(1) });
        await using RawHttp2Client used = await RawHttp2Client.ConnectAsync(_served.Port);
        await CallAsync(used);

        await Until.TrueAsync(() => used.Closed, "it is closed");

        Assert.Equal(0, used.GoAwayCode);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    [MemberData(nameof(Speakers))]
    public async Task At_the_limit_those_without_a_call_make_room(string what, byte[] sent)
    {
        await StartAsync(new() { MaxConnections = 8 });
        await using RawHttp2Client busy = await RawHttp2Client.ConnectAsync(_served.Port);
        RawStream held = await HeldExchange.BeginAsync(busy);
        for (int at = 0; at < 40; at++)
        {
            await ConnectAsync(sent);
        }

        await using RawHttp2Client late = await RawHttp2Client.ConnectAsync(_served.Port);
        await CallAsync(late);

        await held.FinishAsync();
        Assert.True(await EndsAsync(_strangers[0]), $"the first who sends {what} stays");
    }

    [Fact]
    public async Task Strangers_go_before_one_that_is_idle()
    {
        await StartAsync(new() { MaxConnections = 4 });
        await using RawHttp2Client idle = await RawHttp2Client.ConnectAsync(_served.Port);
        await CallAsync(idle);
        for (int at = 0; at < 20; at++)
        {
            await ConnectAsync(at % 2 == 0 ? [] : Preface);
        }

        await Until.TrueAsync(
            () => _served.Warnings.Any(line => line.Contains("at the limit of 4 connections one without a call was closed for a new one", StringComparison.Ordinal)),
            "strangers are closed");
        await CallAsync(idle);
    }

    [Fact]
    public async Task Where_all_have_calls_the_new_one_is_closed_and_told()
    {
        await StartAsync(new() { MaxConnections = 2 });
        await using RawHttp2Client one = await RawHttp2Client.ConnectAsync(_served.Port);
        await using RawHttp2Client other = await RawHttp2Client.ConnectAsync(_served.Port);
        RawStream[] held = [await HeldExchange.BeginAsync(one), await HeldExchange.BeginAsync(other)];
        TcpClient third = await ConnectAsync(Preface);

        Assert.True(await EndsAsync(third), "the third one stays");
        Assert.Contains(_served.Warnings, line => line.Contains("at the limit of 2 connections, all in use, a new one was closed", StringComparison.Ordinal) && line.Contains("raise transport.maxConnections", StringComparison.Ordinal));
        foreach (RawStream exchange in held)
        {
            await exchange.FinishAsync();
        }
    }

    [Fact]
    public async Task One_between_two_calls_makes_no_room_for_a_new_one()
    {
        await StartAsync(new() { MaxConnections = 2 });
        await using RawHttp2Client busy = await RawHttp2Client.ConnectAsync(_served.Port);
        RawStream held = await HeldExchange.BeginAsync(busy);
        await using RawHttp2Client often = await RawHttp2Client.ConnectAsync(_served.Port);
        await CallAsync(often);
        TcpClient third = await ConnectAsync(Preface);

        Assert.True(await EndsAsync(third), "the third one stays");
        await CallAsync(often);
        await held.FinishAsync();
    }

    [Fact]
    public async Task A_preface_in_pieces_is_one()
    {
        await StartAsync(new());
        TcpClient slow = await ConnectAsync([]);
        foreach (byte letter in Preface.Concat(Frame(SettingsFrame, 0, 0, [])))
        {
            await slow.GetStream().WriteAsync(new[] { letter });
        }

        byte[] head = new byte[9];
        await slow.GetStream().ReadExactlyAsync(head).AsTask().WaitAsync(RawHttp2Client.Patience);
        Assert.Equal(SettingsFrame, head[3]);
    }

    [Fact]
    public async Task One_that_closes_its_half_is_let_go()
    {
        await StartAsync(new());
        TcpClient half = await ConnectAsync(Preface);
        half.Client.Shutdown(SocketShutdown.Send);

        Assert.True(await EndsAsync(half), "it stays");
    }

    private async Task StartAsync(GrpcTransportOptions transport) =>
        _served = await Served.StartAsync(options => options with { Transport = transport, Rehearsal = new() { Timeout = TimeSpan.Zero } });

    private async Task<TcpClient> ConnectAsync(byte[] sent)
    {
        TcpClient stranger = new() { NoDelay = true };
        _strangers.Add(stranger);
        try
        {
            await stranger.ConnectAsync("127.0.0.1", _served.Port);
            await stranger.Client.SendAsync(sent);
        }
        catch (SocketException)
        {
            // Closed already.
        }

        return stranger;
    }

    private static async Task CallAsync(RawHttp2Client client) => await (await HeldExchange.BeginAsync(client)).FinishAsync();

    // Reads what there is until the other side closes or resets.
    private static async Task<bool> EndsAsync(TcpClient client)
    {
        using CancellationTokenSource late = new(RawHttp2Client.Patience);
        byte[] rest = new byte[1024];
        try
        {
            while (await client.Client.ReceiveAsync(rest, late.Token) > 0)
            {
                // Settings, GOAWAY.
            }

            return true;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
