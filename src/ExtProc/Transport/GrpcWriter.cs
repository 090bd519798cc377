using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ExtProc.Transport;

/// <summary>
/// Writes gRPC messages straight into the response's pipe. One writer: messages may be begun while an earlier flush is pending,
/// but from one place, and one flush at a time.
/// </summary>
/// <param name="output">The bytes of the response.</param>
/// <param name="start">Starts the response's headers, before the first byte; nothing where there are none.</param>
internal sealed class GrpcWriter(PipeWriter output, Action? start = null)
{
    private Action? start = start;
    private bool flushing;

    /// <summary>Bytes written since the last flush began, prefixes included.</summary>
    public long UnflushedBytes { get; private set; }

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

        GrpcFrame.Write(output.GetSpan(GrpcFrame.PrefixBytes), messageLengthBytes);
        output.Advance(GrpcFrame.PrefixBytes);
        UnflushedBytes += GrpcFrame.PrefixBytes + (long)messageLengthBytes;
        return output;
    }

    /// <summary>Sends what was written, and waits while the peer is slow to take it. After a reset it ends at once, in peace.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while waiting, or the server ended the call.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (flushing)
        {
            throw new InvalidOperationException("a flush is pending: a call has one writer");
        }

        UnflushedBytes = 0;
        ValueTask<FlushResult> flush = output.FlushAsync(cancellationToken);
        if (!flush.IsCompletedSuccessfully)
        {
            return Pending(flush);
        }

        ThrowIfEnded(flush.Result);
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Pending(ValueTask<FlushResult> flush)
    {
        flushing = true;
        try
        {
            ThrowIfEnded(await flush.ConfigureAwait(false));
        }
        finally
        {
            flushing = false;
        }
    }

    private static void ThrowIfEnded(in FlushResult flush)
    {
        if (flush.IsCanceled)
        {
            throw new OperationCanceledException("the server ended the call");
        }
    }
}
