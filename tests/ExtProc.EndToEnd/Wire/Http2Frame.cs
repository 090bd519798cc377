using System.Buffers.Binary;

namespace ExtProc.EndToEnd.Wire;

/// <summary>Frame types of HTTP/2 (RFC 9113 section 6) that a client meets.</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>One frame of HTTP/2.</summary>
internal readonly record struct Http2Frame(FrameType Type, byte Flags, int StreamId, byte[] Payload)
{
    public const byte EndStream = 1;
    public const byte Acknowledge = 1;
    public const byte EndHeaders = 4;
    private const byte Padded = 8;
    private const byte HasPriority = 32;
    private const int HeadBytes = 9;

    public bool Has(byte flag) => (Flags & flag) != 0;

    /// <summary>The payload without padding and priority.</summary>
    public ReadOnlySpan<byte> Content
    {
        get
        {
            int skip = Has(Padded) ? 1 : 0;
            int padding = Has(Padded) ? Payload[0] : 0;
            skip += Type == FrameType.Headers && Has(HasPriority) ? 5 : 0;
            return Payload.AsSpan(skip, Payload.Length - skip - padding);
        }
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeadBytes + Payload.Length];
        bytes[0] = (byte)(Payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), (ushort)Payload.Length);
        bytes[3] = (byte)Type;
        bytes[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), StreamId);
        Payload.CopyTo(bytes, HeadBytes);
        return bytes;
    }

    public static async Task<Http2Frame> ReadAsync(Stream stream, CancellationToken cancel)
    {
        byte[] head = new byte[HeadBytes];
        await stream.ReadExactlyAsync(head, cancel);
        byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
        await stream.ReadExactlyAsync(payload, cancel);
        return new Http2Frame((FrameType)head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue, payload);
    }

    public static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
