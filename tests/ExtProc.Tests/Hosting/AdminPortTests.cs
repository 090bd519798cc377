using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace ExtProc.Tests.Hosting;

/// <summary>A probe is answered whatever else connects to the admin port.</summary>
public class AdminPortTests
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private const string Get = "GET /live HTTP/1.1\r\nhost: a\r\n";

    public static TheoryData<string, int, string> Strangers => new()
    {
        { "nothing", 64, "" },
        { "nothing", 200, "" },
        { "nothing", 1_000, "" },
        { "the first letter", 500, "G" },
        { "headers without an end", 500, Get },
        { "a body that does not come", 500, Get + "content-length: 1000000\r\n\r\n" },
        { "a body without a length", 500, Get + "transfer-encoding: chunked\r\n\r\n1\r\n" },
        { "many requests at once, reading no answer", 500, string.Concat(Enumerable.Repeat(Get + "\r\n", 400)) },
        { "HTTP/2", 500, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" },
        { "a request line without an end", 500, "GET /" + new string('a', 20_000) },
        { "headers that are too long", 500, Get + "a: " + new string('a', 20_000) },
        { "TLS", 500, "\u0016\u0003\u0001\u0002\u0000\u0001" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_probe_is_answered_beside_many_that_send(string what, int count, string sent)
    {
        await using var server = await ServerProcess.ServeAsync();
        List<TcpClient> strangers = [];
        using CancellationTokenSource connected = new();
        Task flood = Task.Run(async () =>
        {
            for (int at = 0; at < count; at++)
            {
                strangers.Add(await ConnectAsync(server.AdminPort, sent));
            }
        });

        // While they come, and a while after.
        for (int after = 0; after < 10; after += flood.IsCompleted ? 1 : 0)
        {
            await ProbeAsync(server, what);
        }

        await flood;
        strangers.ForEach(stranger => stranger.Dispose());
    }

    /// <summary>As in a container that has used up its processor time: all that connected meanwhile is accepted at once.</summary>
    [Fact]
    public async Task Probes_are_answered_that_came_before_a_burst()
    {
        await using var server = await ServerProcess.ServeAsync();
        await server.SignalAsync("STOP");
        List<TcpClient> probes = [], strangers = [];
        for (int at = 0; at < 100; at++)
        {
            probes.Add(await ConnectAsync(server.AdminPort, Get + "\r\n"));
        }

        for (int at = 0; at < 400; at++)
        {
            strangers.Add(await ConnectAsync(server.AdminPort, ""));
        }

        await server.SignalAsync("CONT");

        foreach (TcpClient probe in probes)
        {
            string answer = await new StreamReader(probe.GetStream()).ReadToEndAsync().WaitAsync(ServerProcess.Patience);
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        }

        probes.Concat(strangers).ToList().ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Header_bytes_that_come_one_by_one_end_in_time()
    {
        await using var server = await ServerProcess.ServeAsync();
        using TcpClient slow = await ConnectAsync(server.AdminPort, "G");
        Task<string> answer = new StreamReader(slow.GetStream()).ReadToEndAsync();
        while (!answer.IsCompleted)
        {
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None));
            await TryWriteAsync(slow, "E");
        }

        await answer.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal("ready", (await server.AdminAsync("/ready")).Text);
    }

    [Fact]
    public async Task A_connection_has_one_request()
    {
        await using var server = await ServerProcess.ServeAsync();
        using TcpClient client = await ConnectAsync(server.AdminPort, Get + "\r\n");

        string answer = await new StreamReader(client.GetStream()).ReadToEndAsync().WaitAsync(ServerProcess.Patience);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Few_open_files_are_enough_for_probes_and_exchanges()
    {
        await using var server = await ServerProcess.ServeWithAsync(drainDelay: "0s", shell: "ulimit -n 400 && exec \"$@\"");
        List<TcpClient> strangers = [];
        for (int at = 0; at < 400; at++)
        {
            strangers.Add(await ConnectAsync(at % 2 == 0 ? server.AdminPort : server.Port, ""));
        }

        await ProbeAsync(server, "nothing");
        await using (var client = await Transport.RawHttp2Client.ConnectAsync(server.Port))
        {
            await (await HeldExchange.BeginAsync(client)).FinishAsync();
        }

        strangers.ForEach(stranger => stranger.Dispose());
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());
    }

    [Theory]
    [InlineData(300)]
    [InlineData(350)]
    public async Task The_fewest_open_files_withstand_strangers_on_both_ports(int openFiles)
    {
        await using var server = await ServerProcess.ServeWithAsync(drainDelay: "0s", shell: $"ulimit -n {openFiles} && exec \"$@\"");
        List<TcpClient> strangers = [];
        for (int at = 0; at < 600; at++)
        {
            strangers.Add(await ConnectAsync(at % 2 == 0 ? server.AdminPort : server.Port, "G"));
        }

        await ProbeAsync(server, "many");
        strangers.ForEach(stranger => stranger.Dispose());
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task Fewer_open_files_than_it_needs_are_told_before_it_begins()
    {
        await using var server = ServerProcess.Start(shell: "ulimit -n 200 && exec \"$@\"", "serve", "--listen", "127.0.0.1:0", "--admin", "off");

        Assert.Equal(2, await server.ExitAsync());
        Assert.Contains("may have 200 files open at once and needs 300 at least", Assert.Single(server.Errors), StringComparison.Ordinal);
    }

    private static async Task ProbeAsync(ServerProcess server, string what)
    {
        long began = Stopwatch.GetTimestamp();
        using TcpClient probe = await ConnectAsync(server.AdminPort, Get + "\r\n");
        string answer = await new StreamReader(probe.GetStream()).ReadToEndAsync().WaitAsync(ServerProcess.Patience);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(began) < 5 * Late, $"beside {what} a probe took {Stopwatch.GetElapsedTime(began)}");
    }

    private static async Task<TcpClient> ConnectAsync(int port, string sent)
    {
        TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port).WaitAsync(ServerProcess.Patience);
        await TryWriteAsync(client, sent);
        return client;
    }

    // It may have been closed already, for a newer one.
    private static async Task TryWriteAsync(TcpClient client, string sent)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(sent)).AsTask().WaitAsync(ServerProcess.Patience);
        }
        catch (IOException)
        {
        }
    }
}
