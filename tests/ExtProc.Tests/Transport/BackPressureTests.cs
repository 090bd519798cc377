using System.Buffers;
using ExtProc.Transport;

namespace ExtProc.Tests.Transport;

/// <summary>What happens when one side is slow, or never comes.</summary>
public sealed class BackPressureTests
{
    private const string Echo = $"/{TestGrpcServer.Service}/Echo";
    private const string ReadNothing = $"/{TestGrpcServer.Service}/ReadNothing";

    [Fact]
    public async Task Calls_that_read_nothing_do_not_stop_a_new_one_on_their_connection()
    {
        await using TestGrpcServer server = await TestGrpcServer.StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        await client.UntilAsync(() => client.ConnectionWindow > 65_535, "the connection's window");

        List<RawStream> stuck = [];
        for (int i = 0; i < 64; i++)
        {
            RawStream stream = await client.CallAsync(ReadNothing);
            await stream.SendAsync(new byte[stream.SendWindow]); // all that the server lets it send
            Assert.Equal(0, stream.SendWindow);
            stuck.Add(stream);
        }

        RawStream next = await client.CallAsync(Echo);
        await next.SendAsync(RawHttp2Client.Message(new byte[100_000]), endStream: true);
        await next.EndAsync();
        Assert.Equal(0, next.GrpcStatus);
        Assert.All(stuck, stream => Assert.False(stream.Over));
    }

    [Fact]
    public async Task A_connection_has_room_for_every_streams_window()
    {
        var options = new GrpcTransportOptions();
        await using TestGrpcServer server = await TestGrpcServer.StartAsync(options);
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        long wanted = (long)options.MaxStreamsPerConnection * options.StreamWindowBytes;
        await client.UntilAsync(() => client.ConnectionWindow >= wanted, $"a connection window of {wanted} bytes");
        Assert.True(client.MaxStreams >= 1_024, $"only {client.MaxStreams} streams");
    }

    [Fact]
    public async Task What_no_handler_reads_is_bounded_by_the_streams_window()
    {
        await using TestGrpcServer server = await TestGrpcServer.StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream stream = await client.CallAsync(ReadNothing);
        int window = stream.SendWindow;
        await stream.SendAsync(new byte[window]);
        RawStream later = await client.CallAsync(Echo);
        await later.SendAsync([], endStream: true);
        await later.EndAsync(); // and with it everything that was sent before has been received
        Assert.Equal(0, stream.SendWindow);
        Assert.InRange(server.Pool.RentedBytes, window, 2 * window + 16 * BlockPool.LargeBlockBytes);
    }

    [Fact]
    public async Task A_message_far_larger_than_the_window_comes_through_and_so_does_its_echo()
    {
        await using TestGrpcServer server = await TestGrpcServer.StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        byte[] large = new byte[16_793_600];
        new Random(4).NextBytes(large);
        RawStream stream = await client.CallAsync(Echo);
        await stream.SendAsync(RawHttp2Client.Message(large), endStream: true);
        await stream.EndAsync();
        Assert.Equal(0, stream.GrpcStatus);
        Assert.True(large.AsSpan().SequenceEqual(Assert.Single(stream.Messages())));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_makes_the_flush_wait_and_nothing_else()
    {
        long written = 0;
        await using TestGrpcServer server = await TestGrpcServer.StartAsync(null, ("Flood", async (_, writer, call) =>
        {
            while (!call.Aborted.IsCancellationRequested)
            {
                writer.Begin(65_536).Write(new byte[65_536]);
                await writer.FlushAsync(CancellationToken.None);
                Interlocked.Add(ref written, 65_536);
            }
        }));

        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port, receiveWindowBytes: 65_535);
        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/Flood");
        await client.UntilAsync(() => stream.Data.Length == 65_535, "a full window");
        RawStream other = await client.CallAsync(ReadNothing, ("grpc-timeout", "100m"));
        await other.EndAsync();
        Assert.Equal(65_535, stream.Data.Length);
        Assert.InRange(Volatile.Read(ref written), 65_536, 2 * 1024 * 1024);
    }

    [Fact]
    public async Task A_call_that_is_ended_does_not_wait_for_its_peer_to_read()
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestGrpcServer server = await TestGrpcServer.StartAsync(null, ("Flood", async (_, writer, _) =>
        {
            try
            {
                while (true)
                {
                    writer.Begin(10_000).Write(new byte[10_000]);
                    await writer.FlushAsync(CancellationToken.None);
                }
            }
            finally
            {
                ended.SetResult();
            }
        }));

        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port, receiveWindowBytes: 1);
        await client.CallAsync($"/{TestGrpcServer.Service}/Flood", ("grpc-timeout", "100m"));
        await ended.Task.WaitAsync(RawHttp2Client.Patience);
    }

    [Fact]
    public async Task A_handler_that_ends_early_sends_its_status_at_once_and_the_rest_is_thrown_away()
    {
        await using TestGrpcServer server = await TestGrpcServer.StartAsync(null, ("Early", (_, writer, _) =>
        {
            writer.Begin(0);
            return Task.CompletedTask;
        }));
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/Early");
        await stream.EndAsync();
        Assert.Equal(0, stream.GrpcStatus);
        await client.WriteAsync(RawHttp2Client.Data(stream, new byte[10_000]));
        await client.WriteAsync(RawHttp2Client.Data(stream, [], endStream: true));
        RawStream next = await client.CallAsync(Echo);
        await next.SendAsync([], endStream: true);
        Assert.Equal(0, (await next.EndAsync()).GrpcStatus);
        Assert.Null(stream.ResetCode);
        Assert.Null(client.GoAwayCode);
    }
}
