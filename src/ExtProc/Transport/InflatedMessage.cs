using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace ExtProc.Transport;

/// <summary>A message that came compressed, unpacked into a rented array that goes back on <see cref="Dispose"/>.</summary>
internal sealed class InflatedMessage : IDisposable
{
    private const int FirstRentBytes = 16 * 1024;

    // RFC 1952 section 2.3: ten bytes before the data; behind it a checksum and the length of what was packed, each of four bytes.
    private const int GzipHeaderBytes = 10, GzipTrailerBytes = 8, GzipLengthBytes = 4;

    private byte[] array = ArrayPool<byte>.Shared.Rent(FirstRentBytes);
    private int lengthBytes;

    /// <summary>The unpacked message.</summary>
    public ReadOnlySequence<byte> Bytes => new(array, 0, lengthBytes);

    /// <summary>Unpacks a message; stops as soon as it is over the limit, so that a small message cannot fill the memory.</summary>
    /// <exception cref="GrpcException">RESOURCE_EXHAUSTED over the limit; INTERNAL when it is not what was declared.</exception>
    public static InflatedMessage Of(in ReadOnlySequence<byte> compressed, GrpcEncoding encoding, int limitBytes)
    {
        if (encoding is not GrpcEncoding.Gzip)
        {
            throw new GrpcException(
                GrpcStatusCode.Internal, "a message is marked compressed, but grpc-encoding names no compression; send grpc-encoding: gzip");
        }

        var message = new InflatedMessage();
        try
        {
            using var source = new SequenceStream(compressed);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            message.Fill(gzip, limitBytes);
            message.RequireWhole(compressed);
            return message;
        }
        catch (InvalidDataException broken)
        {
            message.Dispose();
            throw new GrpcException(GrpcStatusCode.Internal, "a message is marked compressed and is not valid gzip", broken);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] rented = array;
        (array, lengthBytes) = ([], 0);
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Fill(GZipStream gzip, int limitBytes)
    {
        int read;
        while ((read = gzip.Read(array, lengthBytes, array.Length - lengthBytes)) > 0)
        {
            lengthBytes += read;
            if (lengthBytes > limitBytes)
            {
                throw new GrpcException(
                    GrpcStatusCode.ResourceExhausted, $"a message unpacks to more than the receive limit of {limitBytes} bytes");
            }

            if (lengthBytes == array.Length)
            {
                Grow(limitBytes);
            }
        }
    }

    // The framework unpacks what was cut off as far as it goes, and says nothing. Nobody packs one message into several gzip members.
    private void RequireWhole(in ReadOnlySequence<byte> compressed)
    {
        Span<byte> length = stackalloc byte[GzipLengthBytes];
        if (compressed.Length >= GzipHeaderBytes + GzipTrailerBytes)
        {
            compressed.Slice(compressed.Length - GzipLengthBytes).CopyTo(length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(length) == (uint)lengthBytes)
            {
                return;
            }
        }

        throw new InvalidDataException("the gzip data is cut off");
    }

    private void Grow(int limitBytes)
    {
        // One byte beyond the limit is enough to see that it was passed.
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(array.Length * 2L, Math.Max(limitBytes + 1L, array.Length + 1L)));
        array.AsSpan(0, lengthBytes).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        array = larger;
    }
}
