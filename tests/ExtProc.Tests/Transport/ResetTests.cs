using ExtProc.Transport;
using Grpc.Core;

namespace ExtProc.Tests.Transport;

/// <summary>A reset by the peer is how most calls end behind Envoy.</summary>
public sealed class ResetTests
{
    private const string Echo = $"/{TestGrpcServer.Service}/Echo";
    private const int Exchanges = 50_000;

    [Fact]
    public async Task Fifty_thousand_exchanges_that_each_end_by_a_reset_share_one_connection()
    {
        await using TestGrpcServer server = await TestGrpcServer.StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        int left = Exchanges;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                RawStream stream = await client.CallAsync(Echo);
                await client.WriteAsync(RawHttp2Client.Data(stream, RawHttp2Client.Message("x"u8)));
                await stream.ReceivedAsync(1);
                await stream.ResetAsync();
            }
        }));
        await AssertStillServesAsync(server, client);
    }

    [Fact]
    public async Task Bursts_of_resets_right_behind_their_requests_do_not_end_the_connection()
    {
        await using TestGrpcServer server = await TestGrpcServer.StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        for (int burst = 0; burst < 10; burst++)
        {
            MemoryStream frames = new();
            for (int i = 0; i < 1_000; i++)
            {
                (RawStream stream, byte[] headers) = client.Open(Echo, endStream: false);
                frames.Write([.. headers, .. RawHttp2Client.Data(stream, RawHttp2Client.Message("x"u8)), .. client.Reset(stream)]);
            }

            await client.WriteAsync(frames.ToArray());
            await AssertStillServesAsync(server, client);
        }
    }

    [Fact]
    public async Task A_reset_ends_the_handler_and_logs_no_error()
    {
        var ended = new TaskCompletionSource<(Exception Cause, bool Aborted)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestGrpcServer server = await TestGrpcServer.StartAsync(null, ("Wait", async (reader, writer, call) =>
        {
            try
            {
                writer.Begin(0);
                await writer.FlushAsync(CancellationToken.None);
                await reader.WaitAsync(CancellationToken.None);
            }
            catch (OperationCanceledException reset)
            {
                ended.SetResult((reset, call.Aborted.IsCancellationRequested));
                throw;
            }
        }));
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/Wait");
        await stream.ReceivedAsync(1);
        await stream.ResetAsync();
        await ended.Task.WaitAsync(RawHttp2Client.Patience);
        await AssertStillServesAsync(server, client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_ends_a_call_whose_peer_is_gone_hears_nothing_of_that(bool byReset)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestGrpcServer server = await TestGrpcServer.StartAsync(null, ("Busy", async (_, _, call) =>
        {
            begun.SetResult();
            try
            {
                await call.WhenEnded;
                await Until.TrueAsync(() => call.Aborted.IsCancellationRequested, "the request is aborted");
                ((HttpGrpcCall)call).End(StatusCode.ResourceExhausted, "another needs its place");
                ended.SetResult();
            }
            catch (Exception failure)
            {
                ended.SetException(failure);
                throw;
            }
        }));
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/Busy");
        await begun.Task.WaitAsync(RawHttp2Client.Patience);

        await (byReset ? stream.ResetAsync() : client.DisposeAsync().AsTask());

        await ended.Task.WaitAsync(RawHttp2Client.Patience);
    }

    [Fact]
    public async Task Whoever_ends_a_call_hears_nothing_of_what_its_handler_throws_there()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestGrpcServer server = await TestGrpcServer.StartAsync(null, ("Throw", (_, _, call) =>
        {
            call.Aborted.Register(static () => throw new InvalidOperationException("a handler's own mistake"));
            Exception? heard = Record.Exception(() => ((HttpGrpcCall)call).End(StatusCode.DeadlineExceeded, "its time is over"));
            ended.SetResult();
            return heard is null ? Task.CompletedTask : throw heard;
        }));
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);

        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/Throw");

        await ended.Task.WaitAsync(RawHttp2Client.Patience);
        Assert.Equal(4, (await stream.EndAsync()).GrpcStatus);
    }

    [Fact]
    public async Task A_connection_that_goes_ends_its_handlers_and_logs_no_error()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestGrpcServer server = await TestGrpcServer.StartAsync(null, ("Wait", async (_, writer, call) =>
        {
            using CancellationTokenRegistration end = call.Aborted.Register(() => ended.TrySetResult());
            writer.Begin(0);
            await writer.FlushAsync(CancellationToken.None);
            await Task.Delay(Timeout.InfiniteTimeSpan, call.Time, call.Aborted);
        }));
        await using (RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port))
        {
            await (await client.CallAsync($"/{TestGrpcServer.Service}/Wait")).ReceivedAsync(1);
        }

        await ended.Task.WaitAsync(RawHttp2Client.Patience);
        Assert.Empty(server.Errors);
    }

    [Fact]
    public async Task A_shutdown_ends_calls_with_the_status_it_names()
    {
        await using TestGrpcServer server = await TestGrpcServer.StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream reading = await client.CallAsync(Echo);
        await reading.SendAsync(RawHttp2Client.Message("x"u8));
        await reading.ReceivedAsync(1);
        RawStream stuck = await client.CallAsync($"/{TestGrpcServer.Service}/ReadNothing");
        await Until.TrueAsync(() => server.Budget.Calls.Count == 2, "two calls run");
        server.Budget.Calls.EndAll(StatusCode.Unavailable, "going down");
        foreach (RawStream stream in new[] { reading, stuck })
        {
            await stream.EndAsync();
            Assert.Equal((int)StatusCode.Unavailable, stream.GrpcStatus);
            Assert.Equal("going down", stream.GrpcMessage);
        }

        await Until.TrueAsync(() => server.Budget.Calls.Count == 0, "no call is left");
    }

    private static async Task AssertStillServesAsync(TestGrpcServer server, RawHttp2Client client)
    {
        RawStream last = await client.CallAsync(Echo);
        await last.SendAsync(RawHttp2Client.Message("still here"u8), endStream: true);
        await last.EndAsync();
        Assert.Equal(0, last.GrpcStatus);
        Assert.Null(client.GoAwayCode);
        Assert.Empty(server.Errors);
    }
}
