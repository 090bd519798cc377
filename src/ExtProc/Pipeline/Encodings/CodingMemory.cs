using ExtProc.Memory;

namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// What a decoder or an encoder takes of the memory budget. Nearly all of it is native and cannot be asked for: the figures were measured
/// as growth of the process, on streams that were used and not ended.
/// </summary>
internal sealed class CodingMemory : IDisposable
{
    private const int KiB = 1 << 10;

    /// <summary>A decoder and an encoder of gzip, with what this server needs beside them.</summary>
    public const int PairBytes = (DecoderKiB + DeflateEncoderKiB) * KiB;

    // Measured: 57 (gzip, deflate) and 46 (br without its window), and a read buffer and a pipe's blocks of ours.
    private const int DecoderKiB = 96;

    // Measured: 346; br 24 to 1245, by what was written.
    private const int DeflateEncoderKiB = 352, BrotliEncoderKiB = 288;

    private readonly MemoryAccount _account;
    private readonly int _mostWindowBytes;
    private int _takenBytes, _windowBytes;

    private CodingMemory(MemoryAccount account, int fixedKiB, int mostWindowBytes)
    {
        (_account, _mostWindowBytes) = (account, mostWindowBytes);
        account.Take(fixedKiB * KiB);
        _takenBytes = fixedKiB * KiB;
    }

    /// <summary>Of a decoder, which for br keeps what it has decoded, up to the largest window (RFC 7932 section 9.1).</summary>
    public static CodingMemory OfDecoder(string coding, MemoryAccount account) => new(account, DecoderKiB, ContentCoding.IsBrotli(coding) ? 16 << 20 : 0);

    /// <summary>Of an encoder, which for br keeps what was written.</summary>
    public static CodingMemory OfEncoder(string coding, MemoryAccount account) =>
        ContentCoding.IsBrotli(coding) ? new(account, BrotliEncoderKiB, 1 << 20) : new(account, DeflateEncoderKiB, 0);

    /// <summary>Says how many plain bytes have gone through.</summary>
    /// <exception cref="MemoryBudgetException">The budget has no room for the window that they need.</exception>
    public void Used(long plainBytes)
    {
        int window = (int)Math.Min(plainBytes, _mostWindowBytes);
        if (window > _windowBytes)
        {
            _account.Take(window - _windowBytes);
            _takenBytes += window - _windowBytes;
            _windowBytes = window;
        }
    }

    public void Dispose()
    {
        _account.Return(_takenBytes);
        _takenBytes = 0;
    }
}
