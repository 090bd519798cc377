using System.Buffers;

namespace ExtProc.Session;

/// <summary>Received messages that wait for a busy processor, in order, up to a limit of bytes. One message is always taken.</summary>
internal sealed class PendingParts(int limitBytes)
{
    private readonly Queue<(byte[] Buffer, int Length, Direction Direction)> _messages = new();
    private int _requests, _bytes;

    public bool IsEmpty => _messages.Count == 0;

    public bool IsFull => _bytes >= limitBytes;

    public bool Has(Direction direction) => direction is Direction.Request ? _requests > 0 : _messages.Count > _requests;

    public void Keep(in ReadOnlySequence<byte> message, Direction direction)
    {
        int length = (int)message.Length;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        message.CopyTo(buffer);
        _messages.Enqueue((buffer, length, direction));
        _bytes += length;
        _requests += direction is Direction.Request ? 1 : 0;
    }

    /// <summary>Takes the oldest. The buffer is the caller's, to be returned to the shared pool.</summary>
    public bool TryTake(out byte[] buffer, out ReadOnlySequence<byte> message)
    {
        if (!_messages.TryDequeue(out (byte[] Buffer, int Length, Direction Direction) oldest))
        {
            (buffer, message) = ([], default);
            return false;
        }

        _bytes -= oldest.Length;
        _requests -= oldest.Direction is Direction.Request ? 1 : 0;
        buffer = oldest.Buffer;
        message = new ReadOnlySequence<byte>(oldest.Buffer, 0, oldest.Length);
        return true;
    }

    public void Release()
    {
        while (TryTake(out byte[] buffer, out _))
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
