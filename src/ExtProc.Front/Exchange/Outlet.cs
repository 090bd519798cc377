using System.Threading.Channels;
using ExtProc.Front.Filter;

namespace ExtProc.Front.Exchange;

/// <summary>What a part of a message is.</summary>
internal enum PartKind
{
    Headers,
    Data,
    Trailers,
    Reply,
    Reset,
}

/// <summary>A part of a message on its way to its receiver.</summary>
internal readonly record struct MessagePart(PartKind Kind)
{
    public IReadOnlyList<KeyValuePair<string, string>> Lines { get; init; } = [];

    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Nothing follows.</summary>
    public bool End { get; init; }

    public LocalReply? Reply { get; init; }

    /// <summary>Headers of a response that the server makes itself, as its <see cref="Reply"/> is.</summary>
    public bool IsLocal { get; init; }
}

/// <summary>What the filter let go in one direction, until the receiver takes it. One reader.</summary>
/// <param name="taken">Told when bytes were taken.</param>
internal sealed class Outlet(Action taken)
{
    private readonly Channel<MessagePart> _parts = Channel.CreateUnbounded<MessagePart>(new() { SingleReader = true });
    private long _bytes;

    /// <summary>Bytes that wait.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => !_parts.Reader.TryPeek(out _);

    public void Put(MessagePart part)
    {
        Interlocked.Add(ref _bytes, part.Bytes.Length);
        _parts.Writer.TryWrite(part);
        if (part.End)
        {
            _parts.Writer.TryComplete();
        }
    }

    /// <summary>No more comes; who reads on gets this failure once all is taken. False: all has come already.</summary>
    public bool Fail(Exception failure) => _parts.Writer.TryComplete(failure);

    /// <summary>The next part.</summary>
    /// <exception cref="ChannelClosedException">There is none, or the direction failed; then that is the inner exception.</exception>
    public async ValueTask<MessagePart> NextAsync(CancellationToken cancellation)
    {
        MessagePart part = await _parts.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        if (part.Bytes.Length > 0)
        {
            Interlocked.Add(ref _bytes, -part.Bytes.Length);
            taken();
        }

        return part;
    }
}
