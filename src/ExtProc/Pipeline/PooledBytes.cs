using System.Buffers;
using ExtProc.Memory;

namespace ExtProc.Pipeline;

/// <summary>
/// Bytes in one piece of rented memory: appended behind, taken in front, without moving what lies between. Memory that was given out is
/// valid until the next <see cref="Append(ReadOnlySpan{byte})"/> or <see cref="Release"/>.
/// </summary>
internal sealed class PooledBytes
{
    // Less is not worth being moved to a smaller array.
    private const int SmallBytes = 4 << 10;

    private byte[] _buffer = [];
    private int _start, _end;

    /// <summary>The memory is taken from there; null where nobody counts.</summary>
    public MemoryAccount? Account { get; set; }

    public int Length => _end - _start;

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_start, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    public void Append(in ReadOnlySequence<byte> bytes)
    {
        int length = checked((int)bytes.Length);
        Reserve(length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += length;
    }

    /// <summary>Takes all of it; what is not needed yet is put back with <see cref="PutBack"/>.</summary>
    public ReadOnlyMemory<byte> TakeAll()
    {
        ReadOnlyMemory<byte> taken = Memory;
        _start = _end;
        return taken;
    }

    /// <summary>Puts the last bytes back that were taken; called twice, those before them too.</summary>
    public void PutBack(int count) => _start -= count;

    /// <summary>Gives memory back that what is here does not need.</summary>
    public void Trim()
    {
        if (Length == 0)
        {
            Release();
        }
        else if (_buffer.Length > SmallBytes && _buffer.Length / 4 > Length)
        {
            // So much smaller that it has to double before it is moved again: all moves together cost no more than all appends.
            byte[] old = _buffer;
            Move(ByteArrays.Rent(Length * 2));
            Account?.Return(old.Length - _buffer.Length);
            ByteArrays.Return(old);
        }
    }

    public void Release()
    {
        byte[] buffer = _buffer;
        (_buffer, _start, _end) = ([], 0, 0);
        if (buffer.Length > 0)
        {
            Account?.Return(buffer.Length);
            ByteArrays.Return(buffer);
        }
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _end >= count)
        {
            return;
        }

        long needed = (long)Length + count;
        if (needed <= _buffer.Length / 2)
        {
            Move(_buffer); // over bytes that were taken, and were at least as many
            return;
        }

        int least = (int)Math.Max(needed, Math.Min(Length * 2L, Array.MaxLength));
        Account?.Take(ByteArrays.RentedBytes(least));
        byte[] old = _buffer;
        Move(ByteArrays.Rent(least));
        Account?.Return(old.Length);
        ByteArrays.Return(old);
    }

    private void Move(byte[] buffer)
    {
        int length = Length;
        Memory.Span.CopyTo(buffer);
        (_buffer, _start, _end) = (buffer, 0, length);
    }
}
