using System.Runtime.CompilerServices;
using Envoy.Service.ExtProc.V3;
using ExtProc.Protocol;
using ExtProc.Transport;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Session;

/// <summary>
/// The way out. Mostly the loop's own; a busy handler on another thread may write too, under <see cref="Writing"/>, and asks the
/// loop to flush, for a pipe has one flush at a time. The lock is never held over I/O.
/// </summary>
internal sealed class ReplyStream(GrpcWriter writer, TimeSpan stallTimeout, TimeProvider time) : IDisposable
{
    private TaskCompletionSource _asked = NewSource();
    private TaskCompletionSource? _flushed;
    private ITimer? _stallTimer;
    private bool _waitsForRoom, _stalled, _closed;

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
            return WaitForRoomAsync(flush);
        }

        Tell();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// For a busy handler: writes, and waits until the loop has flushed. Kestrel does not end a pending flush while memory that it lent
    /// is not given back, so this is done at once.
    /// </summary>
    /// <exception cref="OperationCanceledException">The exchange is over.</exception>
    public ValueTask SendAsync(Action write, CancellationToken cancellation)
    {
        lock (Writing)
        {
            if (_closed)
            {
                throw new OperationCanceledException("the exchange is over");
            }

            write();
            writer.Commit();
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
            if (_closed)
            {
                return false;
            }

            Encoder.Message(new ProcessingResponse { OverrideMessageTimeout = extension.ToDuration() });
            writer.Commit();
            _asked.TrySetResult();
            return true;
        }
    }

    // Kestrel lets nearly every flush of a chunk wait for a moment, so what watches over that is made once an exchange.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForRoomAsync(ValueTask flush)
    {
        Watch(stallTimeout);
        try
        {
            await flush.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stalled)
        {
            throw new ExchangeStalledException(stallTimeout);
        }
        finally
        {
            Watch(Timeout.InfiniteTimeSpan);
        }

        Tell();
    }

    private void Watch(TimeSpan limit)
    {
        lock (Writing)
        {
            _waitsForRoom = limit != Timeout.InfiniteTimeSpan;
            _stallTimer ??= time.CreateTimer(static output => ((ReplyStream)output!).EndStalledFlush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _stallTimer.Change(limit, Timeout.InfiniteTimeSpan);
        }
    }

    private void EndStalledFlush()
    {
        lock (Writing)
        {
            // Under the lock: once the flush is over, the pipe may belong to another exchange.
            if (_waitsForRoom)
            {
                _stalled = true;
                writer.CancelFlush();
            }
        }
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

    /// <summary>
    /// The exchange is over: a handler that is still busy, or was left behind, writes no more. The pipe may belong to another exchange
    /// soon.
    /// </summary>
    public void Close()
    {
        lock (Writing)
        {
            _closed = true;
            _flushed?.TrySetCanceled();
            _flushed = null;
        }
    }

    public void Dispose() => _stallTimer?.Dispose();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The peer left our replies unread.</summary>
internal sealed class ExchangeStalledException(TimeSpan limit)
    : Exception($"replies were not read for {limit.TotalSeconds:0.###} s (limits.stallTimeout)");
