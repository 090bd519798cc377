using ExtProc.Memory;

namespace ExtProc.Pipeline.Encodings;

/// <summary>Makes a content-encoding again.</summary>
internal sealed class ContentEncoder : IDisposable
{
    private readonly CodingMemory _memory;
    private readonly Output _encoded;
    private readonly Stream _encoding;
    private long _plainBytes;
    private bool _isUnflushed;

    /// <exception cref="MemoryBudgetException">The memory budget has no room for it.</exception>
    public ContentEncoder(string coding, MemoryAccount account)
    {
        _memory = CodingMemory.OfEncoder(coding, account);
        _encoded = new(account);
        _encoding = ContentCoding.Encoder(coding, _encoded);
    }

    /// <exception cref="MemoryBudgetException">The memory budget has no room for what it makes.</exception>
    public void Write(ReadOnlySpan<byte> plain)
    {
        if (plain.IsEmpty)
        {
            return;
        }

        _memory.Used(_plainBytes += plain.Length);
        _encoding.Write(plain);
        _isUnflushed = true;
    }

    /// <summary>What was made since the last call, flushed, so that nothing waits for the next one; valid until the next <see cref="Write"/>.</summary>
    public ReadOnlyMemory<byte> Take(bool isLast)
    {
        if (isLast)
        {
            _encoding.Dispose();
            _memory.Dispose();
        }
        else if (_isUnflushed)
        {
            _encoding.Flush();
        }

        _isUnflushed = false;
        return _encoded.Bytes.TakeAll();
    }

    /// <summary>Forgets what was sent.</summary>
    public void EndPart() => _encoded.Bytes.Trim();

    public void Dispose()
    {
        _encoded.IsClosed = true; // disposing writes the end of the encoding, which is not wanted here
        _encoding.Dispose();
        _memory.Dispose();
        _encoded.Bytes.Release();
    }

    /// <summary>Where the encoder writes to.</summary>
    private sealed class Output(MemoryAccount account) : OneWayStream
    {
        public PooledBytes Bytes { get; } = new() { Account = account };

        public bool IsClosed { get; set; }

        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!IsClosed)
            {
                Bytes.Append(buffer);
            }
        }
    }
}
