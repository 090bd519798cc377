using System.Buffers;
using System.IO.Pipelines;

namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// Undoes a content-encoding as the bytes come. The framework's streams pull, and bytes are pushed here: a pipe whose ends run
/// inline joins the two, so that a read which is still pending after a push has seen all that was pushed.
/// </summary>
internal sealed class ContentDecoder : IDisposable
{
    private const int PieceBytes = 16 << 10;

    private readonly string _coding;
    private readonly long _limitBytes;
    private readonly int _limitRatio;
    private readonly Pipe _pipe = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Stream _decoding;
    private readonly byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private Task<int>? _reading;
    private long _encodedBytes, _decodedBytes;
    private bool _ended;

    public ContentDecoder(string coding, long limitBytes, int limitRatio)
    {
        (_coding, _limitBytes, _limitRatio) = (coding, limitBytes, limitRatio);
        _decoding = ContentCoding.Decoder(coding, _pipe.Reader.AsStream());
    }

    /// <summary>Whether bytes came behind the end of what is encoded. They are not looked at; some recipients find more in them.</summary>
    public bool HasLeftOver { get; private set; }

    /// <summary>Takes encoded bytes and appends what they decode to.</summary>
    /// <exception cref="ExchangeRefusedException">They are not what content-encoding says, or grow too much.</exception>
    public void Push(ReadOnlySpan<byte> encoded, bool isLast, PooledBytes decoded)
    {
        _encodedBytes += encoded.Length;
        if (isLast && _encodedBytes == 0)
        {
            return; // no body is none in any coding
        }

        try
        {
            // The last byte by itself: who is at the end before it comes has left something over.
            int first = Math.Max(0, encoded.Length - 1);
            Drain(encoded[..first], decoded);
            HasLeftOver |= _ended && first < encoded.Length;
            Drain(encoded[first..], decoded);
            if (isLast)
            {
                _pipe.Writer.Complete();
                Drain(default, decoded, isLast);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or InvalidOperationException or IOException)
        {
            throw new ExchangeRefusedException(Reasons.EncodingFailed, $"the body is not what content-encoding \"{_coding}\" says: {broken.Message}");
        }
    }

    public void Dispose()
    {
        _pipe.Writer.Complete();
        if (_reading is null or { IsCompleted: true })
        {
            ArrayPool<byte>.Shared.Return(_piece);
        }

        _decoding.Dispose();
    }

    private void Drain(ReadOnlySpan<byte> encoded, PooledBytes decoded, bool isLast = false)
    {
        if (!encoded.IsEmpty)
        {
            _pipe.Writer.Write(encoded);
            _ = _pipe.Writer.FlushAsync().AsTask(); // without a threshold it never waits
        }

        while (!_ended)
        {
            _reading ??= _decoding.ReadAsync(_piece, 0, PieceBytes);
            if (!_reading.IsCompleted && !isLast)
            {
                return;
            }

            int count = _reading.GetAwaiter().GetResult(); // of the last it has all: if it goes on elsewhere, as under a synchronization context, it ends soon
            _reading = null;
            _ended = count == 0;
            _decodedBytes += count;
            decoded.Append(_piece.AsSpan(0, count));
            if (_decodedBytes > _limitBytes || (_decodedBytes > PieceBytes && _decodedBytes / Math.Max(1, _encodedBytes) > _limitRatio))
            {
                throw new ExchangeRefusedException(Reasons.EncodingFailed, $"the body grew from {_encodedBytes} to more than {_decodedBytes} bytes when its content-encoding \"{_coding}\" was undone (limits.decodedBytes, limits.decodedRatio)");
            }
        }
    }
}
