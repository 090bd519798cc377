namespace ExtProc.Front.Filter;

/// <summary>A piece of a body.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="End">The message ends with them.</param>
internal readonly record struct HeldChunk(ReadOnlyMemory<byte> Bytes, bool End);

/// <summary>Pieces of a body that wait.</summary>
internal sealed class HeldBody
{
    private readonly LinkedList<HeldChunk> _chunks = new();

    /// <summary>No piece waits, not even one without bytes.</summary>
    public bool IsEmpty => _chunks.Count == 0;

    public long Bytes { get; private set; }

    public void Add(ReadOnlyMemory<byte> bytes, bool end)
    {
        if (bytes.Length > 0 || end)
        {
            _chunks.AddLast(new HeldChunk(bytes, end));
            Bytes += bytes.Length;
        }
    }

    public bool TryTake(out HeldChunk chunk)
    {
        chunk = default;
        if (_chunks.First is not { } first)
        {
            return false;
        }

        chunk = first.Value;
        _chunks.RemoveFirst();
        Bytes -= chunk.Bytes.Length;
        return true;
    }

    /// <summary>Takes so many bytes as one piece, or all that there are.</summary>
    /// <param name="most">The limit.</param>
    /// <returns>The bytes, and whether the message ends with them.</returns>
    public HeldChunk Take(long most)
    {
        if (Bytes <= most && _chunks.Count == 1 && TryTake(out HeldChunk only))
        {
            return only;
        }

        byte[] taken = new byte[Math.Min(most, Bytes)];
        int count = 0;
        bool end = false;
        while (_chunks.First is { } first && (count < taken.Length || first.Value.Bytes.Length == 0))
        {
            ReadOnlyMemory<byte> bytes = first.Value.Bytes;
            int part = Math.Min(bytes.Length, taken.Length - count);
            bytes.Span[..part].CopyTo(taken.AsSpan(count));
            count += part;
            _chunks.RemoveFirst();
            if (part < bytes.Length)
            {
                _chunks.AddFirst(first.Value with { Bytes = bytes[part..] });
                break;
            }

            end |= first.Value.End;
        }

        Bytes -= count;
        return new(taken, end);
    }

    public void Clear()
    {
        _chunks.Clear();
        Bytes = 0;
    }
}
