using ExtProc.Memory;

namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// Bytes that are pushed, as a stream for decoders, which pull. One reader, which may wait; nothing is copied but into what it reads to.
/// </summary>
internal sealed class PushedStream : OneWayStream
{
    private ReadOnlyMemory<byte> _bytes;
    private Memory<byte> _wanted;
    private TaskCompletionSource<int>? _waiting;
    private bool _isLast;

    /// <summary>Whether the reader waits for more than was pushed.</summary>
    public bool IsStarved => Volatile.Read(ref _waiting) is not null;

    /// <summary>Bytes that were pushed and not read.</summary>
    public int LeftBytes => _bytes.Length;

    public override bool CanRead => true;

    /// <summary>Gives the reader bytes, which it uses until it is starved; those that were left are forgotten.</summary>
    public void Push(ReadOnlyMemory<byte> bytes, bool isLast)
    {
        (_bytes, _isLast) = (bytes, isLast);
        if (_waiting is { } waiting && (!bytes.IsEmpty || isLast))
        {
            int count = Take(_wanted.Span);
            Volatile.Write(ref _waiting, null);
            waiting.SetResult(count);
        }
    }

    /// <summary>Forgets what was not read.</summary>
    public void Forget() => _bytes = default;

    public override int Read(Span<byte> buffer) => Take(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_bytes.IsEmpty || _isLast || buffer.IsEmpty)
        {
            return new(Take(buffer.Span));
        }

        TaskCompletionSource<int> waiting = new();
        _wanted = buffer;
        Volatile.Write(ref _waiting, waiting);
        return new(waiting.Task);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>The last byte is given alone, and only to a reader that needs it, so that what follows the end of compressed bytes is left over.</summary>
    private int Take(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, Math.Max(_bytes.Length - 1, Math.Min(_bytes.Length, 1)));
        _bytes.Span[..count].CopyTo(buffer);
        _bytes = _bytes[count..];
        return count;
    }
}
