using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using ExtProc.Memory;
using Grpc.Core;

namespace ExtProc.Transport;

/// <summary>
/// A message that came compressed, unpacked into pieces of rented memory that go back on <see cref="Dispose"/>. Each piece is taken from
/// the call's account before it is filled.
/// </summary>
internal sealed class InflatedMessage(MemoryAccount memory) : IDisposable
{
    // Small messages take little, and the rest of large ones is in arrays that are used again.
    private const int FirstPieceBytes = 4 * 1024, PieceBytes = 64 * 1024, LargePieceBytes = 512 * 1024, LargeFromBytes = 256 * 1024;

    // How much is unpacked before others may have the thread: about a millisecond.
    private const int TurnBytes = 512 * 1024;

    // Unpacking takes a core, so more at a time would only hold more half-unpacked messages, and memory of zlib, which no budget counts.
    private static readonly SemaphoreSlim Cores = new(Environment.ProcessorCount);

    // RFC 1952 section 2.3: ten bytes before the data; behind it a checksum and the length of what was packed, each of four bytes.
    private const int GzipHeaderBytes = 10, GzipTrailerBytes = 8, GzipLengthBytes = 4;

    private readonly List<Piece> pieces = [];

    /// <summary>The unpacked message.</summary>
    public ReadOnlySequence<byte> Bytes => pieces.Count == 0 ? default : new(pieces[0], 0, pieces[^1], pieces[^1].Memory.Length);

    private long LengthBytes => pieces.Count == 0 ? 0 : pieces[^1].RunningIndex + pieces[^1].Memory.Length;

    /// <summary>
    /// Unpacks a message, in turns; stops as soon as it is over a limit, so that a small message cannot fill the memory. The compressed
    /// bytes stay where they are until it has ended.
    /// </summary>
    /// <exception cref="GrpcException">RESOURCE_EXHAUSTED over a limit; INTERNAL when it is not what was declared.</exception>
    /// <exception cref="MemoryBudgetException">This call holds too much.</exception>
    public static async ValueTask<InflatedMessage> OfAsync(
        ReadOnlySequence<byte> compressed, GrpcEncoding encoding, GrpcReaderLimits limits, MemoryAccount memory)
    {
        if (encoding is not GrpcEncoding.Gzip)
        {
            throw new GrpcException(
                StatusCode.Internal, "a message is marked compressed, but grpc-encoding names no compression; send grpc-encoding: gzip");
        }

        var message = new InflatedMessage(memory);
        await Cores.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await message.FillAsync(compressed, limits).ConfigureAwait(false);
            message.RequireWhole(compressed);
            return message;
        }
        catch (InvalidDataException broken)
        {
            message.Dispose();
            throw new GrpcException(StatusCode.Internal, "a message is marked compressed and is not valid gzip", broken);
        }
        catch
        {
            message.Dispose();
            throw;
        }
        finally
        {
            Cores.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Piece piece in pieces)
        {
            memory.GiveBack(piece.Array);
        }

        pieces.Clear();
    }

    private async ValueTask FillAsync(ReadOnlySequence<byte> compressed, GrpcReaderLimits limits)
    {
        using var source = new SequenceStream(compressed);
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        int limitBytes = limits.InflatedBytes(compressed.Length);
        long turnEnd = TurnBytes;
        bool mayHaveMore;
        do
        {
            mayHaveMore = FillPiece(gzip);
            if (LengthBytes > limitBytes)
            {
                throw OverLimit(limits, compressed.Length);
            }

            if (LengthBytes >= turnEnd)
            {
                turnEnd = LengthBytes + TurnBytes;
                await Task.Yield();
            }
        }
        while (mayHaveMore);
    }

    // False at the end.
    private bool FillPiece(GZipStream gzip)
    {
        int filled = 0;
        var piece = new Piece(memory.Rent(NextPieceBytes()), LengthBytes);
        if (pieces.Count > 0)
        {
            pieces[^1].Append(piece);
        }

        pieces.Add(piece);
        int read;
        while (filled < piece.Array.Length && (read = gzip.Read(piece.Array, filled, piece.Array.Length - filled)) > 0)
        {
            filled += read;
        }

        piece.Cut(filled);
        return filled == piece.Array.Length;
    }

    private int NextPieceBytes() => LengthBytes switch
    {
        0 => FirstPieceBytes,
        < LargeFromBytes => PieceBytes,
        _ => LargePieceBytes,
    };

    private static GrpcException OverLimit(GrpcReaderLimits limits, long compressedBytes) => new(
        StatusCode.ResourceExhausted,
        $"a message of {compressedBytes} bytes unpacks to more than {limits.InflatedBytes(compressedBytes)} bytes (transport.receiveLimitBytes, transport.inflatedRatio)");

    // The framework silently unpacks truncated data as far as it goes. No client splits one message into several gzip members.
    private void RequireWhole(in ReadOnlySequence<byte> compressed)
    {
        Span<byte> length = stackalloc byte[GzipLengthBytes];
        if (compressed.Length >= GzipHeaderBytes + GzipTrailerBytes)
        {
            compressed.Slice(compressed.Length - GzipLengthBytes).CopyTo(length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(length) == (uint)LengthBytes)
            {
                return;
            }
        }

        throw new InvalidDataException("the gzip data is cut off");
    }

    /// <summary>One rented array of the message.</summary>
    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] array, long runningIndex) => (Array, RunningIndex) = (array, runningIndex);

        public byte[] Array { get; }

        public void Append(Piece next) => Next = next;

        public void Cut(int lengthBytes) => Memory = Array.AsMemory(0, lengthBytes);
    }
}
