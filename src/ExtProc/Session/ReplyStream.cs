using Envoy.Service.ExtProc.V3;
using ExtProc.Protocol;
using ExtProc.Transport;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Session;

/// <summary>
/// The way out. Mostly the loop's own; a busy handler on another thread may write too, under <see cref="Writing"/>, and asks the
/// loop to flush, for a pipe has one flush at a time. The lock is never held over I/O.
/// </summary>
internal sealed class ReplyStream(GrpcWriter writer, TimeSpan stallTimeout, TimeProvider time)
{
    private TaskCompletionSource _asked = NewSource();
    private TaskCompletionSource? _flushed;

    public Lock Writing { get; } = new();

    public ReplyEncoder Encoder { get; } = new(writer);

    public long UnflushedBytes => writer.UnflushedBytes;

    /// <summary>Ends when a busy handler asks for a flush.</summary>
    public Task FlushAsked => _asked.Task;

    /// <summary>Sends what was written. Returns when the pipe has room for more.</summary>
    /// <exception cref="ExchangeStalledException">The peer left it unread for too long.</exception>
    public ValueTask FlushAsync()
    {
        if (writer.UnflushedBytes == 0)
        {
            Tell();
            return ValueTask.CompletedTask;
        }

        ValueTask flush;
        lock (Writing)
        {
            flush = writer.FlushAsync(CancellationToken.None);
        }

        if (!flush.IsCompletedSuccessfully)
        {
            return WaitForRoomAsync(flush.AsTask());
        }

        Tell();
        return ValueTask.CompletedTask;
    }

    /// <summary>For a busy handler: writes, and waits until the loop has flushed.</summary>
    public ValueTask SendAsync(Action write, CancellationToken cancellation)
    {
        lock (Writing)
        {
            write();
            _flushed ??= NewSource();
            _asked.TrySetResult();
            return new ValueTask(_flushed.Task.WaitAsync(cancellation));
        }
    }

    /// <summary>For a busy handler: asks Envoy for more time. The message carries nothing else, for Envoy would drop that.</summary>
    public bool TryExtendTime(TimeSpan extension)
    {
        lock (Writing)
        {
            Encoder.Message(new ProcessingResponse { OverrideMessageTimeout = extension.ToDuration() });
            _asked.TrySetResult();
            return true;
        }
    }

    private async ValueTask WaitForRoomAsync(Task flush)
    {
        try
        {
            await flush.WaitAsync(stallTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new ExchangeStalledException(stallTimeout);
        }

        Tell();
    }

    private void Tell()
    {
        if (!_asked.Task.IsCompleted)
        {
            return;
        }

        lock (Writing)
        {
            // Something may have been written since the flush began; then the next one tells.
            if (writer.UnflushedBytes > 0)
            {
                return;
            }

            _asked = NewSource();
            _flushed?.TrySetResult();
            _flushed = null;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The peer left our replies unread.</summary>
internal sealed class ExchangeStalledException(TimeSpan limit)
    : Exception($"{Reasons.Stalled}: replies were not read for {limit.TotalSeconds:0.###} s (limits.stallTimeout)");
