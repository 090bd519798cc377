using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ExtProc.Memory;
using Grpc.Core;

namespace ExtProc.Transport;

/// <summary>
/// Cuts a byte stream into gRPC messages, one at a time, without copying: a message is a slice of the pipe's own buffer and
/// stays valid until the next call. Nothing is read from the pipe while a message that is already here was not taken, which is
/// what makes the peer stop sending. One caller at a time.
/// </summary>
/// <param name="input">The bytes of the request.</param>
/// <param name="limits">How large messages may be.</param>
/// <param name="encoding">What the peer named in <c>grpc-encoding</c>.</param>
/// <param name="memory">The call's account of the memory budget; none only counts.</param>
internal sealed class GrpcReader(
    PipeReader input, GrpcReaderLimits limits, GrpcEncoding encoding = GrpcEncoding.Identity, MemoryAccount? memory = null) : IDisposable
{
    private readonly MemoryAccount memory = memory ?? new MemoryAccount();
    private readonly PipeReader input = input;
    private ReadOnlySequence<byte> rest;      // of the pipe's buffer: what was not handed out yet; valid while holdsBuffer
    private bool holdsBuffer;                 // a read that was not yet answered by AdvanceTo
    private bool sawEnd;                      // the pipe has no bytes beyond `rest`
    private bool cancelled;                   // the server ended the call while, or before, it read
    private InflatedMessage? inflated;        // owns the bytes of a compressed message: the next, or the last that was handed out
    private bool handedOut;                   // which of the two

    /// <summary>Whether the peer's end was seen and every complete message was taken.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether the peer reset the stream or is gone, so that no answer will be read.</summary>
    public bool PeerGone { get; private set; }

    /// <summary>Whether a wait is pending: then what arrives is taken at once, and nothing piles up.</summary>
    public bool Waiting { get; private set; }

    /// <summary>Bytes taken from the pipe's writer and not yet handed out, as of the last read. May be asked from anywhere.</summary>
    public long PiledUpBytes { get; private set; }

    /// <summary>How many messages were taken. May be asked from anywhere.</summary>
    public long MessageCount { get; private set; }

    /// <summary>Takes the next message if all of it is already here; never waits. One that came compressed is here when a wait has unpacked it.</summary>
    /// <exception cref="GrpcException">RESOURCE_EXHAUSTED over the limit, INTERNAL when the bytes are no gRPC.</exception>
    public bool TryRead(out ReadOnlySequence<byte> message)
    {
        DropHandedOut();
        if (!TryFind(out GrpcFrame frame, out message) || (frame.Compressed && inflated is null))
        {
            message = default;
            return false;
        }

        rest = rest.Slice(message.End);
        MessageCount++;
        if (frame.Compressed)
        {
            (message, handedOut) = (inflated!.Bytes, true);
        }

        return true;
    }

    /// <summary>How much is here, for a call that may not read yet; takes nothing.</summary>
    public long Look()
    {
        TryRefill(examinedAll: false);
        return PiledUpBytes;
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
        DropHandedOut();
        return HasMessage(out _, out _) ? new(GrpcWait.Message) : ReadUntilMessageAsync(cancellationToken);
    }

    /// <summary>
    /// Waits until all of a request with one message is here, and takes nothing: another reader of the pipe finds the message and the end
    /// without waiting.
    /// </summary>
    /// <exception cref="GrpcException">As for <see cref="TryRead"/>; INTERNAL when the request has no message, or ends inside one, or has more.</exception>
    /// <exception cref="OperationCanceledException">The peer reset the stream, or the server ended the call.</exception>
    public async ValueTask AwaitOnlyMessageAsync()
    {
        while (!sawEnd)
        {
            RequireOneMessage();
            ThrowIfCancelled();
            BeginWait();
            EndWait(await SettledRead.Of(TryRelease() ? input : null, CancellationToken.None), CancellationToken.None);
            if (PeerGone)
            {
                throw new OperationCanceledException("the peer reset the stream or is gone");
            }
        }

        RequireOneMessage();
        if (rest.Length == 0)
        {
            throw new GrpcException(StatusCode.Internal, "the request ended without its message");
        }

        if (!TrySlice(out GrpcFrame frame, out ReadOnlySequence<byte> message))
        {
            throw EndedInside();
        }

        if (frame.Compressed)
        {
            // The other reader's limit may be a higher one.
            (await InflatedMessage.OfAsync(message, encoding, limits, memory).ConfigureAwait(false)).Dispose();
        }

        Ended = true;
        TryRelease(examinedAll: false);
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
        while (!HasMessage(out ReadOnlySequence<byte> compressed, out bool isPacked))
        {
            if (isPacked)
            {
                inflated = await InflatedMessage.OfAsync(compressed, encoding, limits, memory).ConfigureAwait(false);
                continue;
            }

            if (PeerGone)
            {
                return GrpcWait.PeerGone;
            }

            if (sawEnd)
            {
                return End();
            }

            ThrowIfCancelled();
            BeginWait();
            EndWait(await SettledRead.Of(TryRelease() ? input : null, cancellationToken), cancellationToken);
        }

        return GrpcWait.Message;
    }

    // Part of a message may be here, and the peer is about to be asked for more of it.
    private void BeginWait()
    {
        memory.RequireRoom(PiledUpBytes);
        Waiting = true;
    }

    private void EndWait(in ReadResult? read, CancellationToken cancellationToken)
    {
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

    private void ThrowIfCancelled()
    {
        if (cancelled)
        {
            throw new OperationCanceledException("the server ended the call");
        }
    }

    private void RequireOneMessage()
    {
        if (holdsBuffer && TrySlice(out GrpcFrame frame, out _) && rest.Length > GrpcFrame.PrefixBytes + (long)frame.LengthBytes)
        {
            throw new GrpcException(StatusCode.Internal, "the request has more than one message; this method takes one");
        }
    }

    // Whether a message can be handed out; if not, whether one is here that must be unpacked first.
    private bool HasMessage(out ReadOnlySequence<byte> message, out bool isPacked)
    {
        (message, isPacked) = (default, false);
        if (!holdsBuffer || !TrySlice(out GrpcFrame frame, out message))
        {
            return false;
        }

        isPacked = frame.Compressed && inflated is null;
        return !isPacked;
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
        if (frame.LengthBytes > (uint)limits.MessageBytes)
        {
            throw new GrpcException(
                StatusCode.ResourceExhausted,
                $"a message of {frame.LengthBytes} bytes is over the receive limit of {limits.MessageBytes} bytes");
        }

        if (rest.Length < GrpcFrame.PrefixBytes + (long)frame.LengthBytes)
        {
            return false;
        }

        message = rest.Slice(GrpcFrame.PrefixBytes, frame.LengthBytes);
        return true;
    }

    private bool TryRefill(bool examinedAll = true)
    {
        try
        {
            if (!TryRelease(examinedAll) || !input.TryRead(out ReadResult read))
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

    // "Examined to the end" makes the next read wait for more bytes instead of returning the same ones, among which there may be a message
    // where nobody has looked for one. After a reset even this throws.
    private bool TryRelease(bool examinedAll = true)
    {
        if (!holdsBuffer || PeerGone)
        {
            return !PeerGone;
        }

        holdsBuffer = false;
        PiledUpBytes = rest.Length;
        try
        {
            input.AdvanceTo(rest.Start, examinedAll ? rest.End : rest.Start);
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
            throw EndedInside();
        }

        Ended = true;
        return GrpcWait.HalfClosed;
    }

    private GrpcException EndedInside() =>
        new(StatusCode.Internal, $"the request ended inside a message: its last {rest.Length} bytes are not a whole one");

    private void DropHandedOut()
    {
        if (handedOut)
        {
            DropInflated();
        }
    }

    private void DropInflated()
    {
        inflated?.Dispose();
        (inflated, handedOut) = (null, false);
    }
}
