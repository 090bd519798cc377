using System.Diagnostics;
using System.Net.Sockets;
using ExtProc.Tests.Transport;

namespace ExtProc.Tests.Hosting;

/// <summary>The system lets the program open no more files while it runs.</summary>
public class FileShortageTests
{
    [Fact]
    public async Task Neither_probes_nor_exchanges_nor_the_process_end_for_want_of_files()
    {
        await using var server = await ServerProcess.ServeAsync();
        await using var client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream held = await HeldExchange.BeginAsync(client);
        int open = Directory.GetFiles($"/proc/{server.Id}/fd").Length;
        await LimitAsync(server, open + 8);
        List<TcpClient> strangers = [];
        for (int at = 0; at < 40; at++)
        {
            TcpClient stranger = new();
            strangers.Add(stranger);
            try
            {
                await stranger.ConnectAsync("127.0.0.1", server.Port).WaitAsync(ServerProcess.Patience);
            }
            catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionReset)
            {
                // Closed before this end saw that it was open, as strangers may be.
            }
        }

        await server.LineAsync(server.Errors, line => line.Contains("a connection could not be accepted", StringComparison.Ordinal) && line.Contains("raise the limit of open files", StringComparison.Ordinal));
        Assert.Equal("ready", (await server.AdminAsync("/ready")).Text);
        await held.FinishAsync();

        strangers.ForEach(stranger => stranger.Dispose());
        await LimitAsync(server, open + 500);
        await using var late = await RawHttp2Client.ConnectAsync(server.Port);
        await (await HeldExchange.BeginAsync(late)).FinishAsync();
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());
    }

    private static async Task LimitAsync(ServerProcess server, int openFiles)
    {
        using Process prlimit = Process.Start("prlimit", ["--pid", $"{server.Id}", $"--nofile={openFiles}:"]);
        await prlimit.WaitForExitAsync().WaitAsync(ServerProcess.Patience);
        Assert.Equal(0, prlimit.ExitCode);
    }
}
