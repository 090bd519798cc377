using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ExtProc.Transport.Connections;

namespace ExtProc.Transport;

/// <summary>
/// Writes gRPC messages straight into the response's pipe. One writer: messages may be begun while an earlier flush is pending,
/// but from one place, and one flush at a time.
/// </summary>
/// <remarks>
/// Each call on Kestrel's pipe takes a lock, so the pipe's memory is asked for once and filled by many messages; Kestrel hears of what
/// was written when that memory is full, and at the flush.
/// </remarks>
/// <param name="output">The bytes of the response.</param>
/// <param name="start">Starts the response's headers, before the first byte; nothing where there are none.</param>
/// <param name="connection">The connection that answers for what its peer does not take; null where none is guarded.</param>
internal sealed class GrpcWriter(PipeWriter output, Action? start = null, GuardedConnection? connection = null) : IBufferWriter<byte>
{
    private Action? start = start;
    private Memory<byte> memory;        // the pipe's, until it hears of it
    private int writtenBytes;           // of that
    private bool flushing;
    private volatile bool cancelled;

    /// <summary>Bytes of the messages begun since the last flush began, prefixes included.</summary>
    public long UnflushedBytes { get; private set; }

    /// <summary>What was written and the peer has not taken.</summary>
    public UntakenBytes Untaken { get; } = new(connection);

    /// <summary>How many flushes have ended. May be asked from anywhere.</summary>
    public long FlushCount { get; private set; }

    /// <summary>Whether a message was begun, and with it the response: its status can then only stand in the trailers.</summary>
    public bool Started { get; private set; }

    /// <summary>Begins a message: writes its prefix. The caller then writes exactly <paramref name="messageLengthBytes"/> bytes.</summary>
    public IBufferWriter<byte> Begin(int messageLengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(messageLengthBytes);
        if (!Started)
        {
            Started = true;
            start?.Invoke();
            start = null;
        }

        GrpcFrame.Write(GetSpan(GrpcFrame.PrefixBytes), messageLengthBytes);
        writtenBytes += GrpcFrame.PrefixBytes;
        UnflushedBytes += GrpcFrame.PrefixBytes + (long)messageLengthBytes;
        return this;
    }

    /// <summary>Room for at least <paramref name="sizeHint"/> bytes of the message that was begun.</summary>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return memory[writtenBytes..];
    }

    /// <inheritdoc cref="GetMemory"/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return memory.Span[writtenBytes..];
    }

    /// <summary>Says how much of that room was used.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, memory.Length - writtenBytes);
        writtenBytes += count;
    }

    /// <summary>Sends what was written, and waits while the peer is slow to take it. After a reset it ends at once, in peace.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while waiting, or the server ended the call.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (flushing)
        {
            throw new InvalidOperationException("a flush is pending: a call has one writer");
        }

        Commit();
        ThrowIfEnded(cancelled);
        UnflushedBytes = 0;
        ValueTask<FlushResult> flush = output.FlushAsync(cancellationToken);
        if (!flush.IsCompletedSuccessfully)
        {
            return PendingAsync(flush);
        }

        FlushCount++;
        ThrowIfEnded(cancelled || flush.Result.IsCanceled);
        return ValueTask.CompletedTask;
    }

    /// <summary>Tells the pipe of everything written so far, without sending it: whoever completes the pipe sends it.</summary>
    public void Commit()
    {
        if (writtenBytes > 0)
        {
            output.Advance(writtenBytes);
        }

        (memory, writtenBytes) = (default, 0);
    }

    /// <summary>Wakes a flush that is pending; it throws, and so does each one from now on. From any thread.</summary>
    /// <exception cref="IOException">Kestrel's, for a connection that is gone; nothing is pending then.</exception>
    public void CancelFlush()
    {
        cancelled = true;
        output.CancelPendingFlush();
    }

    private static void ThrowIfEnded(bool ended)
    {
        if (ended)
        {
            throw new OperationCanceledException("the server ended the call");
        }
    }

    private void MakeRoom(int sizeHint)
    {
        if (memory.Length - writtenBytes < Math.Max(1, sizeHint))
        {
            Commit();
            memory = Untaken.Ask(output, sizeHint);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PendingAsync(ValueTask<FlushResult> flush)
    {
        flushing = true;
        try
        {
            // Kestrel wakes a flush that is cancelled while it waits, and does not say that it was.
            FlushResult woken = await flush.ConfigureAwait(false);
            ThrowIfEnded(cancelled || woken.IsCanceled);
        }
        finally
        {
            flushing = false;
            FlushCount++;
        }
    }
}
