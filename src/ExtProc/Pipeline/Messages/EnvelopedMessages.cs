using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using ExtProc.Pipeline.Encodings;

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

    // The least that a message inflates to before its ratio says anything.
    private const int RatioFromBytes = 16 << 10, PieceBytes = 4 << 10;
    private const byte Compressed = 0x01;

    // A flag that a protocol does not define may mean anything to who knows it.
    private readonly int _known = Compressed | Envelope.EndFlagOf(mediaType);

    public override bool TryFind(ReadOnlySpan<byte> bytes, int searchedBytes, bool isLast, [NotNullWhen(true)] out FoundMessage? message)
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

    public override ReadOnlyMemory<byte> Open(FoundMessage message, ReadOnlyMemory<byte> bytes, int limitBytes, int limitRatio, PooledBytes inflated)
    {
        ReadOnlyMemory<byte> content = base.Open(message, bytes, limitBytes, limitRatio, inflated);
        return message.IsCompressed ? Inflate(content, limitBytes, limitRatio, inflated) : content;
    }

    public override void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> old, FoundMessage? found, PooledBytes output)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        prefix[0] = found is null ? (byte)0 : (byte)(old[0] & ~Compressed);
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)content.Length);
        output.Append(prefix);
        output.Append(content);
    }

    private ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> content, int limitBytes, int limitRatio, PooledBytes inflated)
    {
        PushedStream compressed = new();
        compressed.Push(content, isLast: true);
        using Stream inflating = coding switch
        {
            "gzip" => new GZipStream(compressed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(compressed, CompressionMode.Decompress),
            _ => throw new ExchangeRefusedException(Reasons.EncodingFailed, $"a message is compressed as \"{coding}\"; gzip and deflate can be decoded, or declare the need with Encoded"),
        };
        try
        {
            inflated.Release();
            ReadAll(inflating, limitBytes, (long)limitRatio * content.Length, inflated);
            return compressed.LeftBytes == 0
                ? inflated.Memory
                : throw new ExchangeRefusedException(Reasons.EncodingFailed, $"bytes follow the end of a message that is compressed as \"{coding}\"");
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw new ExchangeRefusedException(Reasons.EncodingFailed, $"a message is not what its coding \"{coding}\" says: {broken.Message}");
        }
    }

    private static void ReadAll(Stream inflating, int limitBytes, long ratioBytes, PooledBytes inflated)
    {
        Span<byte> piece = stackalloc byte[PieceBytes];
        for (int count; (count = inflating.Read(piece)) > 0;)
        {
            inflated.Append(piece[..count]);
            if (inflated.Length > limitBytes)
            {
                throw new ExchangeRefusedException(Reasons.BodyOverLimit, $"a message inflates to more than the {limitBytes} bytes that are looked at");
            }

            if (inflated.Length > Math.Max(ratioBytes, RatioFromBytes))
            {
                throw new ExchangeRefusedException(Reasons.EncodingFailed, $"a message grew to more than {inflated.Length} bytes when it was inflated (limits.decodedRatio)");
            }
        }
    }
}
