namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// A body with a content-encoding on its way through processors that read: undone before the first, made again behind the last.
/// </summary>
internal sealed class CodedBody(string coding, long limitBytes, int limitRatio) : IDisposable
{
    private readonly ContentDecoder _decoder = new(coding, limitBytes, limitRatio);
    private readonly ContentEncoder _encoder = new(coding);
    private readonly PooledBytes _decoded = new();
    private ReadOnlyMemory<byte>? _only;

    /// <summary>Whether bytes have been undone.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The plain bytes of a chunk; valid until the part has ended.</summary>
    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> encoded, bool isLast)
    {
        bool isOnly = isLast && !HasBegun;
        HasBegun = true;
        _decoded.Release();
        _decoder.Push(encoded.Span, isLast, _decoded);
        _only = isOnly && !_decoder.HasLeftOver ? encoded : (ReadOnlyMemory<byte>?)null; // one piece, unchanged and read to its end, can leave as it came
        return _decoded.Memory;
    }

    /// <summary>The encoded bytes; valid until the part has ended.</summary>
    public ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> plain, bool isLast, bool wasChanged)
    {
        if (_only is { } asItCame && isLast && !wasChanged)
        {
            return asItCame;
        }

        _only = null;
        return _encoder.Push(plain.Span, isLast);
    }

    public void EndPart()
    {
        _decoded.Release();
        _encoder.EndPart();
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _encoder.Dispose();
        _decoded.Release();
    }
}
