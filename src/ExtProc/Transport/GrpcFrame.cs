using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace ExtProc.Transport;

/// <summary>
/// The five bytes before each message: one flag byte and the length, big-endian
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message).
/// </summary>
internal readonly record struct GrpcFrame(bool Compressed, uint LengthBytes)
{
    /// <summary>Bytes of the prefix itself.</summary>
    public const int PrefixBytes = 5;

    /// <summary>Reads the prefix at the start of <paramref name="bytes"/>; false while it is not all here.</summary>
    /// <exception cref="GrpcException">INTERNAL when the flag byte is neither 0 nor 1.</exception>
    public static bool TryRead(in ReadOnlySequence<byte> bytes, out GrpcFrame frame)
    {
        ReadOnlySpan<byte> first = bytes.FirstSpan;
        if (first.Length >= PrefixBytes)
        {
            frame = Parse(first);
            return true;
        }

        if (bytes.Length < PrefixBytes)
        {
            frame = default;
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        bytes.Slice(0, PrefixBytes).CopyTo(prefix);
        frame = Parse(prefix);
        return true;
    }

    /// <summary>Writes the prefix of an uncompressed message; <paramref name="destination"/> holds at least <see cref="PrefixBytes"/>.</summary>
    public static void Write(Span<byte> destination, int lengthBytes)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)lengthBytes);
    }

    private static GrpcFrame Parse(ReadOnlySpan<byte> prefix) => new(
        prefix[0] switch
        {
            0 => false,
            1 => true,
            byte flag => throw new GrpcException(
                StatusCode.Internal, $"the first byte of a message is {flag}; gRPC allows 0 (as it is) and 1 (compressed)"),
        },
        BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]));
}
