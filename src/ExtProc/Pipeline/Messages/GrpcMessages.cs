using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;

namespace ExtProc.Pipeline.Messages;

/// <summary>
/// gRPC's length-prefixed messages (gRPC over HTTP/2, Length-Prefixed-Message). A changed message leaves uncompressed, which the
/// protocol allows for each message by itself; an unchanged one leaves as it came.
/// </summary>
internal sealed class GrpcMessages(string? encoding) : MessageFormat
{
    private const int PrefixBytes = 5;

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

        message = new(PrefixBytes, (int)length, PrefixBytes + (int)length, IsCompressed: bytes[0] == 1);
        return true;
    }

    public override ReadOnlyMemory<byte> Open(FoundMessage message, ReadOnlyMemory<byte> bytes, int limitBytes)
    {
        ReadOnlyMemory<byte> content = base.Open(message, bytes, limitBytes);
        return message.IsCompressed ? Inflate(content, limitBytes) : content;
    }

    public override void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> after, PooledBytes output)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        prefix[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)content.Length);
        output.Append(prefix);
        output.Append(content);
    }

    private byte[] Inflate(ReadOnlyMemory<byte> content, int limitBytes)
    {
        using var compressed = new MemoryStream(content.ToArray());
        using Stream inflating = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(compressed, CompressionMode.Decompress),
            _ => throw new ExchangeRefusedException(Reasons.EncodingFailed, $"a gRPC message is compressed as \"{encoding}\"; gzip and deflate can be undone, or declare the need with Encoded"),
        };
        var message = new MemoryStream();
        byte[] piece = new byte[4096];
        for (int count; (count = inflating.Read(piece)) > 0;)
        {
            message.Write(piece, 0, count);
            if (message.Length > limitBytes)
            {
                throw new ExchangeRefusedException(Reasons.BodyOverLimit, $"a gRPC message inflates to more than the {limitBytes} bytes that are looked at");
            }
        }

        return message.ToArray();
    }
}
