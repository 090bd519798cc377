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
    private readonly PipeReader input = input;
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
        if (!TryFind(out GrpcFrame frame, out message))
        {
            return false;
        }

        rest = rest.Slice(message.End);
        if (frame.Compressed)
        {
            message = Inflate(message);
        }

        return true;
    }

    /// <summary>
    /// Waits until <see cref="TryRead"/> will succeed; false when the peer has half-closed after a whole message. May stay pending
    /// while other things are awaited, but only one at a time. A reset and the call's end from outside wake it up without a token.
    /// </summary>
    /// <exception cref="GrpcException">As for <see cref="TryRead"/>; INTERNAL when the bytes end inside a message.</exception>
    /// <exception cref="OperationCanceledException">The peer reset the stream, the server ended the call, or the token says so.</exception>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        ValueTask<GrpcWait> next = NextAsync(cancellationToken);
        return next.IsCompletedSuccessfully ? new(IsMessage(next.Result)) : WhenSettledAsync(next);
    }

    /// <summary>
    /// <see cref="WaitAsync"/> without an exception for the peer's reset, which is how most calls end behind Envoy: there an exception
    /// through a few callers costs about as much as all the rest of a small call.
    /// </summary>
    /// <exception cref="GrpcException">As for <see cref="WaitAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">The server ended the call, or the token says so.</exception>
    public ValueTask<GrpcWait> NextAsync(CancellationToken cancellationToken)
    {
        DropInflated();
        return holdsBuffer && TrySlice(out _, out _) ? new(GrpcWait.Message) : ReadUntilMessageAsync(cancellationToken);
    }

    /// <summary>Gives back what the last message was kept in. The pipe stays the caller's.</summary>
    public void Dispose()
    {
        DropInflated();
        TryRelease();
    }

    /// <summary>Says that the peer is gone, where that is seen first elsewhere.</summary>
    public void MarkPeerGone() => PeerGone = true;

    private static bool IsMessage(GrpcWait wait) => wait switch
    {
        GrpcWait.Message => true,
        GrpcWait.HalfClosed => false,
        _ => throw new OperationCanceledException("the peer reset the stream or is gone"),
    };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> WhenSettledAsync(ValueTask<GrpcWait> next) => IsMessage(await next.ConfigureAwait(false));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<GrpcWait> ReadUntilMessageAsync(CancellationToken cancellationToken)
    {
        while (!(holdsBuffer && TrySlice(out _, out _)))
        {
            if (PeerGone)
            {
                return GrpcWait.PeerGone;
            }

            if (sawEnd)
            {
                return End();
            }

            if (cancelled)
            {
                throw new OperationCanceledException("the server ended the call");
            }

            Waiting = true;
            ReadResult? read = await SettledRead.Of(this, cancellationToken);
            Waiting = false;
            if (read is { } bytes)
            {
                Take(bytes);
            }
            else
            {
                cancellationToken.ThrowIfCancellationRequested();
                PeerGone = true;
            }
        }

        return GrpcWait.Message;
    }

    // Finds the next message in what is here, and leaves it there.
    private bool TryFind(out GrpcFrame frame, out ReadOnlySequence<byte> message)
    {
        do
        {
            if (holdsBuffer && TrySlice(out frame, out message))
            {
                return true;
            }
        }
        while (!sawEnd && !cancelled && !PeerGone && TryRefill());

        (frame, message) = (default, default);
        return false;
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
            if (!TryRelease() || !input.TryRead(out ReadResult read))
            {
                return false;
            }

            Take(read);
            return true;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            PeerGone = true;
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
    private bool TryRelease()
    {
        if (!holdsBuffer || PeerGone)
        {
            return !PeerGone;
        }

        holdsBuffer = false;
        PiledUpBytes = rest.Length;
        try
        {
            input.AdvanceTo(rest.Start, rest.End);
            return true;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            PeerGone = true;
            return false;
        }
    }

    private GrpcWait End()
    {
        if (rest.Length > 0)
        {
            throw new GrpcException(
                GrpcStatusCode.Internal, $"the request ended inside a message: its last {rest.Length} bytes are not a whole one");
        }

        Ended = true;
        return GrpcWait.HalfClosed;
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

    /// <summary>
    /// Awaits a read and says "none" where awaiting it would throw: a failed read means that nobody sends any more.
    /// </summary>
    private readonly struct SettledRead(ValueTask<ReadResult> read, bool failed) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => failed || read.IsCompleted;

        public static SettledRead Of(GrpcReader reader, CancellationToken cancellationToken)
        {
            try
            {
                return reader.TryRelease() ? new(reader.input.ReadAsync(cancellationToken), failed: false) : new(default, failed: true);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                return new(default, failed: true);
            }
        }

        public SettledRead GetAwaiter() => this;

        // Not asking a failed read for its result leaves the pipe as it is, which nobody reads again.
        public ReadResult? GetResult() => failed || read.IsFaulted || read.IsCanceled ? null : read.Result;

        public void OnCompleted(Action continuation) => read.ConfigureAwait(false).GetAwaiter().OnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => read.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);
    }
}
