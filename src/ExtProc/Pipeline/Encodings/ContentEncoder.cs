namespace ExtProc.Pipeline.Encodings;

/// <summary>Makes a content-encoding again. Each push is flushed, so that nothing waits for the next one.</summary>
internal sealed class ContentEncoder : IDisposable
{
    private readonly MemoryStream _encoded = new();
    private readonly Stream _encoding;

    public ContentEncoder(string coding) => _encoding = ContentCoding.Encoder(coding, _encoded);

    /// <summary>What these bytes encode to; valid until the part ends.</summary>
    public ReadOnlyMemory<byte> Push(ReadOnlySpan<byte> bytes, bool isLast)
    {
        int from = (int)_encoded.Length;
        _encoding.Write(bytes);
        if (isLast)
        {
            _encoding.Dispose();
        }
        else if (bytes.Length > 0)
        {
            _encoding.Flush();
        }

        return _encoded.GetBuffer().AsMemory(from, (int)_encoded.Length - from);
    }

    /// <summary>Forgets what was sent.</summary>
    public void EndPart() => _encoded.SetLength(0);

    public void Dispose()
    {
        _encoding.Dispose();
        _encoded.Dispose();
    }
}
