using System.Buffers;

namespace ExtProc.Transport.Connections;

/// <summary>How many frames (RFC 9113, 4.1) of a connection are shown at a time: up to the first that is too much, and always one.</summary>
/// <param name="Streams">Streams that may begin.</param>
/// <param name="BlockBytes">Bytes of header blocks after which none may begin.</param>
/// <param name="Bytes">Bytes after which no frame may begin.</param>
internal sealed record FramePortion(int Streams, int BlockBytes, int Bytes)
{
    private const int HeaderBytes = 9, LengthBytes = 3;
    private const byte Headers = 1, Continuation = 9;

    /// <summary>How much of this is shown.</summary>
    /// <param name="frames">Frames from the beginning of one on. The last may be cut off.</param>
    public long Of(in ReadOnlySequence<byte> frames)
    {
        SequenceReader<byte> reader = new(frames);
        Span<byte> header = stackalloc byte[HeaderBytes];
        (int streams, long blockBytes) = (0, 0);
        while (reader.TryCopyTo(header))
        {
            byte type = header[LengthBytes];
            if (reader.Consumed > Bytes || (type == Headers && (streams++ == Streams || blockBytes > BlockBytes)))
            {
                return reader.Consumed;
            }

            long length = (header[0] << 16) + (header[1] << 8) + header[2];
            blockBytes += type is Headers or Continuation ? length : 0;
            if (HeaderBytes + length >= reader.Remaining)
            {
                break;
            }

            reader.Advance(HeaderBytes + length);
        }

        return frames.Length;
    }
}
