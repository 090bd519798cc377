using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;

namespace ExtProc.Pipeline.Messages;

/// <summary>
/// Messages with flags and a length before them: gRPC (gRPC over HTTP/2, Length-Prefixed-Message), gRPC-Web and Connect, whose last one
/// stands for trailers. A changed message leaves uncompressed, which the protocols allow for each message by itself; an unchanged one
/// leaves as it came.
/// </summary>
/// <param name="mediaType">The media type of the body, in lower case.</param>
/// <param name="coding">What its messages may be compressed with; null for nothing.</param>
internal sealed class EnvelopedMessages(string mediaType, string? coding) : MessageFormat
{
    private const int PrefixBytes = 5;
    private const byte Compressed = 0x01;

    // A flag that a protocol does not define may mean anything to who knows it.
    private readonly int _known = Compressed | Envelope.EndFlagOf(mediaType);

    public override bool TryFind(ReadOnlySpan<byte> bytes, bool isLast, [NotNullWhen(true)] out FoundMessage? message)
    {
        message = null;
        if (bytes.Length < PrefixBytes)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        if (length > bytes.Length - PrefixBytes)
        {
            return false;
        }

        bool isKnown = (bytes[0] & ~_known) == 0;
        message = new(PrefixBytes, (int)length, PrefixBytes + (int)length, (bytes[0] & Compressed) != 0, isKnown && (bytes[0] & ~Compressed) != 0)
        {
            WhyUnreadable = isKnown ? null : $"a message of the body has the flags 0x{bytes[0]:x2}, which {mediaType} does not define",
        };
        return true;
    }

    public override ReadOnlyMemory<byte> Open(FoundMessage message, ReadOnlyMemory<byte> bytes, int limitBytes)
    {
        ReadOnlyMemory<byte> content = base.Open(message, bytes, limitBytes);
        return message.IsCompressed ? Inflate(content, limitBytes) : content;
    }

    public override void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> old, FoundMessage? found, PooledBytes output)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        prefix[0] = found is null ? (byte)0 : (byte)(old[0] & ~Compressed);
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)content.Length);
        output.Append(prefix);
        output.Append(content);
    }

    private byte[] Inflate(ReadOnlyMemory<byte> content, int limitBytes)
    {
        using var compressed = new LastByteApart(content.ToArray());
        using Stream inflating = coding switch
        {
            "gzip" => new GZipStream(compressed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(compressed, CompressionMode.Decompress),
            _ => throw new ExchangeRefusedException(Reasons.EncodingFailed, $"a message is compressed as \"{coding}\"; gzip and deflate can be undone, or declare the need with Encoded"),
        };
        try
        {
            byte[] message = ReadAll(inflating, limitBytes);
            return compressed.Position == compressed.Length
                ? message
                : throw new ExchangeRefusedException(Reasons.EncodingFailed, $"bytes follow the end of a message that is compressed as \"{coding}\"");
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw new ExchangeRefusedException(Reasons.EncodingFailed, $"a message is not what its coding \"{coding}\" says: {broken.Message}");
        }
    }

    private static byte[] ReadAll(Stream inflating, int limitBytes)
    {
        var message = new MemoryStream();
        byte[] piece = new byte[4096];
        for (int count; (count = inflating.Read(piece)) > 0;)
        {
            message.Write(piece, 0, count);
            if (message.Length > limitBytes)
            {
                throw new ExchangeRefusedException(Reasons.BodyOverLimit, $"a message inflates to more than the {limitBytes} bytes that are looked at");
            }
        }

        return message.ToArray();
    }

    /// <summary>Gives its last byte by itself, and only to who needs it: what is left over behind the end of compressed bytes is never read.</summary>
    private sealed class LastByteApart(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Allowed(count));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Allowed(buffer.Length)]);

        private int Allowed(int count) => (int)Math.Min(count, Math.Max(1, Length - 1 - Position));
    }
}
