using System.Buffers;
using System.Numerics;
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

    /// <summary>The memory is taken from there.</summary>
    public MemoryAccount Account { get; set; } = MemoryAccount.Nobodys;

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
            (_buffer, _start, _end) = (Account.Shrink(_buffer, Memory.Span, Length * 2), 0, Length);
        }
    }

    public void Release()
    {
        byte[] buffer = _buffer;
        (_buffer, _start, _end) = ([], 0, 0);
        Account.GiveBack(buffer);
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

        // What grows goes from one power of two to the next, so that arrays that were outgrown fit others.
        int least = Length == 0 ? count : (int)Math.Min(Math.Max(needed, BitOperations.RoundUpToPowerOf2((uint)needed)), Array.MaxLength);
        byte[] old = _buffer;
        Move(Account.Rent(least));
        Account.GiveBack(old);
    }

    private void Move(byte[] buffer)
    {
        int length = Length;
        Memory.Span.CopyTo(buffer);
        (_buffer, _start, _end) = (buffer, 0, length);
    }
}
