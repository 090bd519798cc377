using System.IO.Pipelines;
using ExtProc.Testing;
using ExtProc.Transport;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExtProc.Tests.Transport;

/// <summary>How those hear of a call's end who neither read nor write, and what the end does to those who do.</summary>
public sealed class WhenEndedTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task It_comes_with_the_first_verdict()
    {
        using HttpGrpcCall call = Call();
        Task ended = call.WhenEnded;
        Assert.False(ended.IsCompleted);

        call.End(StatusCode.Unavailable, "the server stops");
        call.End(StatusCode.ResourceExhausted, "too late");
        await ended.WaitAsync(RawHttp2Client.Patience);
        Assert.Equal("the server stops", call.Verdict?.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_comes_when_the_peer_leaves(bool asksBefore)
    {
        using CancellationTokenSource left = new();
        using HttpGrpcCall call = Call(left: left.Token);
        Task? before = asksBefore ? call.WhenEnded : null;
        await left.CancelAsync();
        await (before ?? call.WhenEnded).WaitAsync(RawHttp2Client.Patience);
        Assert.Equal((true, null), (call.Reader.PeerGone, call.Verdict));
    }

    [Fact]
    public void Who_asks_after_the_end_need_not_wait()
    {
        using HttpGrpcCall call = Call();
        call.End(StatusCode.Unavailable, "the server stops");
        Assert.True(call.WhenEnded.IsCompleted);
    }

    [Fact]
    public async Task It_comes_when_the_deadline_has_passed_and_not_before()
    {
        using HttpGrpcCall call = Call(timeout: TimeSpan.FromSeconds(5));
        Task ended = call.WhenEnded;
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(ended.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await ended.WaitAsync(RawHttp2Client.Patience);
        Assert.Equal(StatusCode.DeadlineExceeded, call.Verdict?.Code);
    }

    [Fact]
    public void It_does_not_come_when_the_call_has_ended_by_itself()
    {
        HttpGrpcCall call = Call();
        Task ended = call.WhenEnded;
        call.Dispose();
        call.End(StatusCode.Unavailable, "too late");
        Assert.Equal((false, null), (ended.IsCompleted, call.Verdict));
    }

    [Fact]
    public void A_call_that_nobody_can_end_has_none() =>
        Assert.False(new GrpcCall(_clock).WhenEnded.IsCompleted);

    /// <summary>What Kestrel throws where its peer has reset the stream, its connection was closed, or the request is over.</summary>
    public static TheoryData<Exception> Gone => [new IOException("reset"), new TaskCanceledException("closed"), new ObjectDisposedException("over")];

    [Theory]
    [MemberData(nameof(Gone))]
    public void A_stream_that_is_gone_is_no_reason_to_fail(Exception gone)
    {
        using HttpGrpcCall call = Call(new GonePipe(gone));
        CancellationToken aborted = call.Aborted;
        call.End(StatusCode.ResourceExhausted, "no room");
        Assert.Equal((true, true), (call.WhenEnded.IsCompleted, aborted.IsCancellationRequested));
    }

    [Fact]
    public async Task A_large_message_that_comes_is_progress()
    {
        Pipe pipe = new(new PipeOptions(useSynchronizationContext: false));
        using HttpGrpcCall call = Call(pipe.Reader);
        ValueTask<bool> wait = call.Reader.WaitAsync(CancellationToken.None);
        byte[] message = RawHttp2Client.Message(new byte[200_000]);
        long before = call.ProgressCount;
        for (int at = 0; at < 150_000; at += 50_000)
        {
            await pipe.Writer.WriteAsync(message.AsMemory(at, 50_000));
            await Until.TrueAsync(() => call.Reader.PiledUpBytes == at + 50_000, "it is here");
            Assert.True(call.ProgressCount > before, $"{call.ProgressCount} after {at + 50_000} bytes");
            before = call.ProgressCount;
        }

        await pipe.Writer.WriteAsync(message.AsMemory(150_000));
        Assert.True(await wait);
    }

    private HttpGrpcCall Call(PipeReader? input = null, TimeSpan? timeout = null, CancellationToken left = default)
    {
        DefaultHttpContext context = new() { RequestAborted = left };
        if (input is not null)
        {
            context.Features.Set<IRequestBodyPipeFeature>(new Body(input));
        }

        TransportBudget budget = new(1 << 20, new GrpcTransportOptions(), _clock, NullLogger<TransportBudget>.Instance);
        return new(context, new GrpcRequest(GrpcEncoding.Identity, timeout), new GrpcWork((_, _, _) => Task.CompletedTask), _clock, new GrpcReaderLimits(1 << 20), budget, NullLogger.Instance, connection: null);
    }

    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;

    private sealed class GonePipe(Exception gone) : PipeReader
    {
        public override void CancelPendingRead() => throw gone;

        public override bool TryRead(out ReadResult result) => throw gone;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => throw gone;

        public override void AdvanceTo(SequencePosition consumed) => throw gone;

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => throw gone;

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
