using System.Buffers;
using ExtProc.Memory;

namespace ExtProc.Session;

/// <summary>Received messages that wait for a busy processor, in order, up to a limit of bytes. One message is always taken.</summary>
internal sealed class PendingParts(int limitBytes, MemoryAccount memory)
{
    // What an entry costs beside its bytes: a message without any is not free.
    private const int EntryBytes = 64;

    private readonly Queue<(byte[] Buffer, int Length, Direction Direction)> _messages = new();
    private int _requests;
    private long _bytes;

    public bool IsEmpty => _messages.Count == 0;

    public bool IsFull => _bytes >= limitBytes;

    public bool Has(Direction direction) => direction is Direction.Request ? _requests > 0 : _messages.Count > _requests;

    /// <exception cref="MemoryBudgetException">The memory budget has no room for it.</exception>
    public void Keep(in ReadOnlySequence<byte> message, Direction direction)
    {
        int length = (int)message.Length;
        memory.Take(EntryBytes);
        byte[] buffer = memory.Rent(length);
        message.CopyTo(buffer);
        _messages.Enqueue((buffer, length, direction));
        _bytes += buffer.Length + EntryBytes;
        _requests += direction is Direction.Request ? 1 : 0;
    }

    /// <summary>Takes the oldest. The buffer is the caller's, for <see cref="GiveBack"/>.</summary>
    public bool TryTake(out byte[] buffer, out ReadOnlySequence<byte> message)
    {
        if (!_messages.TryDequeue(out (byte[] Buffer, int Length, Direction Direction) oldest))
        {
            (buffer, message) = ([], default);
            return false;
        }

        _bytes -= oldest.Buffer.Length + EntryBytes;
        _requests -= oldest.Direction is Direction.Request ? 1 : 0;
        buffer = oldest.Buffer;
        message = new ReadOnlySequence<byte>(oldest.Buffer, 0, oldest.Length);
        return true;
    }

    /// <summary>Gives back what <see cref="TryTake"/> gave.</summary>
    public void GiveBack(byte[] buffer)
    {
        memory.Return(EntryBytes);
        memory.GiveBack(buffer);
    }

    public void Release()
    {
        while (TryTake(out byte[] buffer, out _))
        {
            GiveBack(buffer);
        }
    }
}
