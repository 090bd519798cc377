using System.Diagnostics;
using Xunit.Abstractions;

namespace ExtProc.Tests.Transport;

/// <summary>
/// An Envoy with 20,000 exchanges a second on a connection resets as many streams. They are sent here as quickly as the connection
/// takes them, each reset right behind its request.
/// </summary>
public sealed class ResetRateTests(ITestOutputHelper output)
{
    private const string Echo = $"/{TestGrpcServer.Service}/Echo";
    private const int Resets = 40_000, AtOnce = 500;

    [Fact]
    public async Task Twenty_thousand_resets_a_second_do_not_end_the_connection()
    {
        await using TestGrpcServer server = await TestGrpcServer.StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        long start = Stopwatch.GetTimestamp();
        for (int sent = 0; sent < Resets; sent += AtOnce)
        {
            await client.WriteAsync(Burst(client));
        }

        output.WriteLine($"{Resets / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} resets a second");
        RawStream last = await client.CallAsync(Echo);
        await last.SendAsync(RawHttp2Client.Message("still here"u8), endStream: true);
        Assert.Equal(0, (await last.EndAsync()).GrpcStatus);
        Assert.Null(client.GoAwayCode);
        Assert.Empty(server.Errors);
    }

    private static byte[] Burst(RawHttp2Client client)
    {
        MemoryStream frames = new();
        for (int at = 0; at < AtOnce; at++)
        {
            (RawStream stream, byte[] headers) = client.Open(Echo, endStream: false);
            frames.Write([.. headers, .. RawHttp2Client.Data(stream, RawHttp2Client.Message("x"u8)), .. client.Reset(stream)]);
        }

        return frames.ToArray();
    }
}
