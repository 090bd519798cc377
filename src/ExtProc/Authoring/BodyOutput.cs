using System.Buffers;
using ExtProc.Memory;

namespace ExtProc;

/// <summary>What a handler writes in one turn, in one piece of pooled memory, up to a limit.</summary>
/// <param name="account">The memory is taken from there.</param>
internal sealed class BodyOutput(MemoryAccount account) : IBufferWriter<byte>
{
    private byte[] _buffer = [];
    private int _count;
    private int _limitBytes;

    /// <summary>Memory was given out: who has it may keep it, so none of it goes back to the pool.</summary>
    public bool IsLent { get; set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _count);

    public void Reset(int limitBytes) => (_count, _limitBytes) = (0, limitBytes);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _count);
        _count += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Release()
    {
        Return(_buffer);
        Forget();
    }

    /// <summary>Lets the memory go without giving it back: somebody may still look at it.</summary>
    public void Forget() => (_buffer, _count, IsLent) = ([], 0, false);

    private void Grow(int count)
    {
        if (_buffer.Length - _count >= count)
        {
            return;
        }

        if ((long)_count + count > _limitBytes)
        {
            throw new ExchangeRefusedException(Reasons.OutputLimit, $"a handler wrote more than {_limitBytes} bytes in one call; write less, or await FlushAsync in between (limits.heldBytes)");
        }

        int least = Math.Max(_count + count, Math.Max(1024, (int)Math.Min(_buffer.Length * 2L, _limitBytes)));
        byte[] larger = account.Rent(least);
        Written.CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private void Return(byte[] buffer)
    {
        if (IsLent)
        {
            account.Return(buffer.Length);
        }
        else
        {
            account.GiveBack(buffer);
        }
    }
}
