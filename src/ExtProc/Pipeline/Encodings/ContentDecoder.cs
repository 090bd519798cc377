using ExtProc.Configuration;
using ExtProc.Memory;

namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// Decodes a content-encoding as the bytes come, in pieces: what they decode to may be many times as much, and is never here all at once.
/// The framework's streams pull, and bytes are pushed here: a read that waits has seen all that was pushed.
/// </summary>
internal sealed class ContentDecoder : IDisposable
{
    // The least that a body decodes to before its ratio says anything.
    private const int ReadBytes = 16 << 10, PieceBytes = 48 << 10;

    private readonly string _coding;
    private readonly ExchangeLimits _limits;
    private readonly CodingMemory _memory;
    private readonly PushedStream _encoded = new();
    private readonly Stream _decoding;
    private readonly byte[] _read = ByteArrays.Rent(ReadBytes);
    private Task<int>? _reading;
    private long _encodedBytes, _decodedBytes;
    private bool _ended;

    /// <exception cref="MemoryBudgetException">The memory budget has no room for it.</exception>
    public ContentDecoder(string coding, ExchangeLimits limits, MemoryAccount account)
    {
        (_coding, _limits) = (coding, limits);
        _memory = CodingMemory.OfDecoder(coding, account);
        try
        {
            _decoding = ContentCoding.Decoder(coding, _encoded, _memory);
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    /// <summary>Whether bytes came behind the end of what is encoded. They are not looked at; some recipients find more in them.</summary>
    public bool HasLeftOver { get; private set; }

    /// <summary>Takes encoded bytes; <see cref="TryNext"/> gives what they decode to. They are used until it has said that this is all.</summary>
    public void Push(ReadOnlyMemory<byte> encoded, bool isLast)
    {
        _encodedBytes += encoded.Length;
        _encoded.Push(encoded, isLast && _encodedBytes > 0); // no body is none in any coding
    }

    /// <summary>Appends the next piece of what the pushed bytes decode to; false when this was all of it.</summary>
    /// <exception cref="ExchangeRefusedException">They are not what content-encoding says, or grow too much.</exception>
    /// <exception cref="MemoryBudgetException">The memory budget has no room for what it needs.</exception>
    public bool TryNext(PooledBytes decoded)
    {
        try
        {
            while (decoded.Length < PieceBytes)
            {
                if (!TryRead(out ReadOnlySpan<byte> bytes))
                {
                    _encoded.Forget();
                    return false;
                }

                decoded.Append(bytes);
            }

            return true;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException || (broken is InvalidOperationException and not ExchangeRefusedException))
        {
            throw new ExchangeRefusedException(Reasons.EncodingFailed, $"the body is not what content-encoding \"{_coding}\" says: {broken.Message}");
        }
    }

    public void Dispose()
    {
        if (_reading is null or { IsCompleted: true })
        {
            ByteArrays.Return(_read);
        }

        _decoding.Dispose();
        _memory.Dispose();
    }

    /// <summary>Decoded bytes; false when all that was pushed has been decoded.</summary>
    private bool TryRead(out ReadOnlySpan<byte> decoded)
    {
        decoded = default;
        if (!_ended)
        {
            _reading ??= _decoding.ReadAsync(_read, 0, ReadBytes);
            WaitForReadOrHunger();
            if (!_reading.IsCompleted)
            {
                return false;
            }

            int count = _reading.GetAwaiter().GetResult();
            _reading = null;
            _ended = count == 0;
            Count(count);
            decoded = _read.AsSpan(0, count);
        }

        HasLeftOver |= _ended && _encoded.LeftBytes > 0;
        return !_ended;
    }

    /// <summary>A read that bytes have woken is over here, or soon, if it went on elsewhere, as under a synchronization context.</summary>
    private void WaitForReadOrHunger()
    {
        SpinWait spin = default;
        while (!_reading!.IsCompleted && !_encoded.IsStarved)
        {
            spin.SpinOnce();
        }
    }

    private void Count(int decodedBytes)
    {
        _decodedBytes += decodedBytes;
        _memory.Used(_decodedBytes);
        if (_decodedBytes > _limits.DecodedBytes || (_decodedBytes > ReadBytes && _decodedBytes / Math.Max(1, _encodedBytes) > _limits.DecodedRatio))
        {
            throw new ExchangeRefusedException(Reasons.EncodingFailed, $"the body grew from {_encodedBytes} to more than {_decodedBytes} bytes when its content-encoding \"{_coding}\" was decoded (limits.decodedBytes, limits.decodedRatio)");
        }
    }
}
