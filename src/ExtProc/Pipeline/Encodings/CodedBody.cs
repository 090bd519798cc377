using ExtProc.Configuration;
using ExtProc.Memory;

namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// A body with a content-encoding on its way through processors that read: decoded before the first, encoded again behind the last. The
/// decoder is made when the first byte comes, the encoder when the first byte leaves, and both go with the body's end.
/// </summary>
internal sealed class CodedBody(string coding, ExchangeLimits limits, MemoryAccount account, Func<DecodingPlaces.Place> takePlace) : IDisposable
{
    private readonly PooledBytes _decoded = new() { Account = account };
    private DecodingPlaces.Place? _place;
    private ContentDecoder? _decoder;
    private ContentEncoder? _encoder;
    private ReadOnlyMemory<byte>? _only;
    private bool _isLast;

    /// <summary>Whether bytes have been decoded.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Takes the bytes of a chunk; <see cref="Next"/> gives them decoded.</summary>
    /// <exception cref="DecodingLimitException">Too many others decode theirs.</exception>
    /// <exception cref="MemoryBudgetException">The memory budget has no room for it.</exception>
    public void Push(ReadOnlyMemory<byte> encoded, bool isLast)
    {
        _only = isLast && !HasBegun ? encoded : (ReadOnlyMemory<byte>?)null; // one piece, unchanged and read to its end, can leave as it came
        (HasBegun, _isLast) = (true, isLast);
        if (_decoder is null && !encoded.IsEmpty)
        {
            _place = takePlace();
            _decoder = new(coding, limits, account);
        }
        else
        {
            _place?.Resume();
        }

        _decoder?.Push(encoded, isLast);
    }

    /// <summary>The next plain bytes of the chunk, valid until the next call, and whether they are its last.</summary>
    /// <exception cref="ExchangeRefusedException">They are not what content-encoding says, or grow too much.</exception>
    /// <exception cref="MemoryBudgetException">The memory budget has no room for it.</exception>
    public (ReadOnlyMemory<byte> Bytes, bool EndsChunk) Next()
    {
        _decoded.TakeAll();
        bool endsChunk = _decoder?.TryNext(_decoded) is not true;
        if (_decoder?.HasLeftOver is true)
        {
            _only = null;
        }

        if (endsChunk && _isLast)
        {
            EndDecoder();
        }

        return (_decoded.Memory, endsChunk);
    }

    /// <summary>Takes plain bytes on their way out.</summary>
    public void Encode(ReadOnlyMemory<byte> plain, bool isLast, bool wasChanged)
    {
        bool leavesAsItCame = _only is not null && isLast && !wasChanged && _encoder is null;
        if (!leavesAsItCame && !plain.IsEmpty)
        {
            (_encoder ??= new(coding, account)).Write(plain.Span);
        }
    }

    /// <summary>What has been made since the last call; valid until the part has ended.</summary>
    public ReadOnlyMemory<byte> TakeEncoded(bool isLast, bool wasChanged)
    {
        if (_only is { } asItCame && isLast && !wasChanged)
        {
            return asItCame;
        }

        _only = null;
        if (isLast)
        {
            _encoder ??= new(coding, account); // an encoding of nothing is not nothing
        }

        return _encoder?.Take(isLast) ?? default;
    }

    public void EndPart()
    {
        _decoded.Release();
        _encoder?.EndPart();
        _place?.Rest();
    }

    public void Dispose()
    {
        EndDecoder();
        _encoder?.Dispose();
        EndPart();
    }

    /// <summary>Gives the place to others while what it is for may still be in use.</summary>
    public void LeavePlace() => _place?.Dispose();

    private void EndDecoder()
    {
        _decoder?.Dispose();
        _place?.Dispose();
        (_decoder, _place) = (null, null);
    }
}
