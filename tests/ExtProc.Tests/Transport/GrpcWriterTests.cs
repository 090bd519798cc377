using System.Buffers;
using System.IO.Pipelines;
using ExtProc.Transport;

namespace ExtProc.Tests.Transport;

/// <summary>The writer over a plain pipe.</summary>
public sealed class GrpcWriterTests
{
    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 50, useSynchronizationContext: false));

    [Fact]
    public async Task A_message_goes_out_behind_its_prefix_with_the_flush()
    {
        int starts = 0;
        var writer = new GrpcWriter(pipe.Writer, () => starts++);
        writer.Begin(3).Write("abc"u8);
        writer.Begin(0);
        Assert.Equal(13, writer.UnflushedBytes);
        Assert.False(pipe.Reader.TryRead(out _));
        await writer.FlushAsync(CancellationToken.None);
        Assert.Equal(0, writer.UnflushedBytes);
        Assert.True(pipe.Reader.TryRead(out ReadResult read));
        Assert.Equal([0, 0, 0, 0, 3, .. "abc"u8, 0, 0, 0, 0, 0], read.Buffer.ToArray());
        Assert.Equal(1, starts);
    }

    [Fact]
    public async Task A_slow_peer_makes_the_flush_wait_and_a_second_flush_is_a_mistake()
    {
        var writer = new GrpcWriter(pipe.Writer);
        writer.Begin(200).Write(new byte[200]);
        Task flush = writer.FlushAsync(CancellationToken.None).AsTask();
        Assert.False(flush.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.FlushAsync(CancellationToken.None).AsTask());
        Assert.True(pipe.Reader.TryRead(out ReadResult read));
        pipe.Reader.AdvanceTo(read.Buffer.End);
        await flush.WaitAsync(RawHttp2Client.Patience);
        await writer.FlushAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_server_that_ends_the_call_wakes_the_flush()
    {
        var writer = new GrpcWriter(pipe.Writer);
        writer.Begin(200).Write(new byte[200]);
        Task flush = writer.FlushAsync(CancellationToken.None).AsTask();
        writer.CancelFlush();
        await Assert.ThrowsAsync<OperationCanceledException>(() => flush.WaitAsync(RawHttp2Client.Patience));
        await Assert.ThrowsAsync<OperationCanceledException>(() => writer.FlushAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task After_a_reset_writing_goes_on_in_peace()
    {
        var writer = new GrpcWriter(pipe.Writer);
        await pipe.Reader.CompleteAsync();
        writer.Begin(200).Write(new byte[200]);
        await writer.FlushAsync(CancellationToken.None);
    }
}
