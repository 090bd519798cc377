using System.Buffers.Binary;

namespace ExtProc.Tests.Transport;

/// <summary>HTTP/2 frames as bytes (RFC 9113, 4.1), and the numbers in them.</summary>
internal static class RawFrames
{
    public const byte DataFrame = 0, HeadersFrame = 1, ResetFrame = 3, SettingsFrame = 4, PingFrame = 6, GoAwayFrame = 7, WindowFrame = 8, ContinuationFrame = 9;
    public const byte EndStreamFlag = 1, AckFlag = 1, EndHeadersFlag = 4;
    public const int LargestFrame = 16_384;

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>HEADERS, and CONTINUATION for what one frame does not take.</summary>
    public static byte[] HeaderFrames(int stream, byte[] block, bool endStream)
    {
        List<byte> frames = [];
        for (int at = 0; at < block.Length; at += LargestFrame)
        {
            byte[] piece = block[at..Math.Min(block.Length, at + LargestFrame)];
            byte flags = (byte)((at + piece.Length == block.Length ? EndHeadersFlag : 0) | (at == 0 && endStream ? EndStreamFlag : 0));
            frames.AddRange(Frame(at == 0 ? HeadersFrame : ContinuationFrame, flags, stream, piece));
        }

        return [.. frames];
    }
}
