using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ExtProc.Transport;

/// <summary>
/// Cuts a byte stream into gRPC messages, one at a time, without copying: a message is a slice of the pipe's own buffer and
/// stays valid until the next call. Nothing is read from the pipe while a message that is already here was not taken, which is
/// what makes the peer stop sending. One caller at a time.
/// </summary>
/// <param name="input">The bytes of the request.</param>
/// <param name="receiveLimitBytes">Largest message, in bytes, before and after decompression.</param>
/// <param name="encoding">What the peer named in <c>grpc-encoding</c>.</param>
internal sealed class GrpcReader(PipeReader input, int receiveLimitBytes, GrpcEncoding encoding = GrpcEncoding.Identity) : IDisposable
{
    private ReadOnlySequence<byte> rest;      // of the pipe's buffer: what was not handed out yet; valid while holdsBuffer
    private bool holdsBuffer;                 // a read that was not yet answered by AdvanceTo
    private bool sawEnd;                      // the pipe has no bytes beyond `rest`
    private bool cancelled;                   // the server ended the call while, or before, it read
    private InflatedMessage? inflated;        // owns the bytes of the last message if that was compressed

    /// <summary>Whether the peer's end was seen and every complete message was taken.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether the peer reset the stream or is gone: nobody reads an answer any more.</summary>
    public bool PeerGone { get; private set; }

    /// <summary>Whether a wait is pending: then what arrives is taken at once, and nothing piles up.</summary>
    public bool Waiting { get; private set; }

    /// <summary>Bytes taken from the pipe's writer and not yet handed out, as of the last read. May be asked from anywhere.</summary>
    public long PiledUpBytes { get; private set; }

    /// <summary>Takes the next message if all of it is already here; never waits.</summary>
    /// <exception cref="GrpcException">RESOURCE_EXHAUSTED over the limit, INTERNAL when the bytes are no gRPC.</exception>
    public bool TryRead(out ReadOnlySequence<byte> message)
    {
        DropInflated();
        do
        {
            if (holdsBuffer && TrySlice(out GrpcFrame frame, out message))
            {
                rest = rest.Slice(message.End);
                if (frame.Compressed)
                {
                    message = Inflate(message);
                }

                return true;
            }
        }
        while (!sawEnd && !cancelled && TryRefill());

        message = default;
        return false;
    }

    /// <summary>
    /// Waits until <see cref="TryRead"/> will succeed; false when the peer has half-closed after a whole message. May stay pending
    /// while other things are awaited, but only one at a time.
    /// </summary>
    /// <exception cref="GrpcException">As for <see cref="TryRead"/>; INTERNAL when the bytes end inside a message.</exception>
    /// <exception cref="OperationCanceledException">The peer reset the stream, the connection is gone, or the token says so.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        DropInflated();
        while (!(holdsBuffer && TrySlice(out _, out _)))
        {
            if (sawEnd)
            {
                return End();
            }

            if (cancelled)
            {
                throw new OperationCanceledException("the server ended the call");
            }

            await MoreAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Gives back what the last message was kept in. The pipe stays the caller's.</summary>
    public void Dispose()
    {
        DropInflated();
        try
        {
            Release();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            PeerGone = true;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask MoreAsync(CancellationToken cancellationToken)
    {
        Waiting = true;
        try
        {
            Release();
            Take(await input.ReadAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception gone) when (gone is IOException || (gone is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            PeerGone = true;
            throw new OperationCanceledException("the peer reset the stream or is gone", gone);
        }
        finally
        {
            Waiting = false;
        }
    }

    private bool TrySlice(out GrpcFrame frame, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (!GrpcFrame.TryRead(rest, out frame))
        {
            return false;
        }

        // Before anything waits for, or makes room for, a message that will never be taken.
        if (frame.LengthBytes > (uint)receiveLimitBytes)
        {
            throw new GrpcException(
                GrpcStatusCode.ResourceExhausted,
                $"a message of {frame.LengthBytes} bytes is over the receive limit of {receiveLimitBytes} bytes");
        }

        if (rest.Length < GrpcFrame.PrefixBytes + (long)frame.LengthBytes)
        {
            return false;
        }

        message = rest.Slice(GrpcFrame.PrefixBytes, frame.LengthBytes);
        return true;
    }

    private bool TryRefill()
    {
        try
        {
            Release();
            if (!input.TryRead(out ReadResult read))
            {
                return false;
            }

            Take(read);
            return true;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The wait that follows meets it again and reports it.
            return false;
        }
    }

    private void Take(in ReadResult read)
    {
        rest = read.Buffer;
        PiledUpBytes = rest.Length;
        holdsBuffer = true;
        sawEnd = read.IsCompleted;
        cancelled |= read.IsCanceled;
    }

    // "Examined to the end" makes the next read wait for more bytes instead of returning the same ones. After a reset even this throws.
    private void Release()
    {
        if (holdsBuffer)
        {
            holdsBuffer = false;
            PiledUpBytes = rest.Length;
            input.AdvanceTo(rest.Start, rest.End);
        }
    }

    private bool End()
    {
        if (rest.Length > 0)
        {
            throw new GrpcException(
                GrpcStatusCode.Internal, $"the request ended inside a message: its last {rest.Length} bytes are not a whole one");
        }

        Ended = true;
        return false;
    }

    private ReadOnlySequence<byte> Inflate(in ReadOnlySequence<byte> compressed)
    {
        inflated = InflatedMessage.Of(compressed, encoding, receiveLimitBytes);
        return inflated.Bytes;
    }

    private void DropInflated()
    {
        inflated?.Dispose();
        inflated = null;
    }
}
