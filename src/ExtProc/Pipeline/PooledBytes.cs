using System.Buffers;

namespace ExtProc.Pipeline;

/// <summary>Bytes in one piece of pooled memory, grown by appending. Holds no memory while it is empty.</summary>
internal sealed class PooledBytes
{
    private byte[] _buffer = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(Length + bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Append(in ReadOnlySequence<byte> bytes)
    {
        int length = checked((int)bytes.Length);
        Reserve(Length + length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += length;
    }

    public void RemoveFirst(int count)
    {
        _buffer.AsSpan(count, Length - count).CopyTo(_buffer);
        Length -= count;
        if (Length == 0)
        {
            Release();
        }
    }

    /// <summary>Takes the memory out, to be given to <see cref="ArrayPool{T}"/> by whoever took it.</summary>
    public byte[] Detach()
    {
        byte[] buffer = _buffer;
        (_buffer, Length) = ([], 0);
        return buffer;
    }

    public void Release()
    {
        byte[] buffer = Detach();
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Reserve(int length)
    {
        if (length <= _buffer.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, _buffer.Length * 2));
        Memory.Span.CopyTo(larger);
        int kept = Length;
        Release();
        (_buffer, Length) = (larger, kept);
    }
}
