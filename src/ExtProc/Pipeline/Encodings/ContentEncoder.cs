namespace ExtProc.Pipeline.Encodings;

/// <summary>Makes a content-encoding again. Each push is flushed, so that nothing waits for the next one.</summary>
internal sealed class ContentEncoder : IDisposable
{
    private readonly MemoryStream _encoded = new();
    private readonly Stream _encoding;

    public ContentEncoder(string coding) => _encoding = ContentCoding.Encoder(coding, _encoded);

    /// <summary>The encoded bytes; valid until the next push.</summary>
    public ReadOnlyMemory<byte> Push(ReadOnlySpan<byte> bytes, bool isLast)
    {
        _encoded.SetLength(0);
        _encoding.Write(bytes);
        if (isLast)
        {
            _encoding.Dispose();
        }
        else if (bytes.Length > 0)
        {
            _encoding.Flush();
        }

        return _encoded.GetBuffer().AsMemory(0, (int)_encoded.Length);
    }

    public void Dispose()
    {
        _encoding.Dispose();
        _encoded.Dispose();
    }
}
