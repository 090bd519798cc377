using ExtProc.Memory;

namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// What a decoder or an encoder takes of the memory budget. Nearly all of it is native. Brotli's decoder asks for each block; of the others the
/// figures were measured as growth of the process, on streams that were used and not ended. From any thread.
/// </summary>
internal sealed class CodingMemory : IDisposable
{
    private const int KiB = 1 << 10;

    /// <summary>A decoder and an encoder of gzip, with what this server needs beside them.</summary>
    public const int PairBytes = (DecoderKiB + DeflateEncoderKiB) * KiB;

    // Measured: 57, and a read buffer and a pipe's blocks of ours; of br only these.
    private const int DecoderKiB = 96, BrotliDecoderKiB = 56;

    // Measured: 346; br 24 to 1245, by what was written.
    private const int DeflateEncoderKiB = 352, BrotliEncoderKiB = 288, BrotliEncoderWindowKiB = 1024;

    private readonly Lock _gate = new();
    private readonly MemoryAccount _account;
    private long _takenBytes, _mostWindowBytes, _windowBytes, _plainBytes;
    private bool _isOver;

    private CodingMemory(MemoryAccount account, int fixedKiB, int mostWindowKiB)
    {
        (_account, _mostWindowBytes) = (account, mostWindowKiB * KiB);
        Take(fixedKiB * KiB);
    }

    /// <summary>Of a decoder. That of br says what it needs besides.</summary>
    public static CodingMemory OfDecoder(string coding, MemoryAccount account) => new(account, ContentCoding.IsBrotli(coding) ? BrotliDecoderKiB : DecoderKiB, 0);

    /// <summary>Of an encoder, which for br keeps what was written.</summary>
    public static CodingMemory OfEncoder(string coding, MemoryAccount account) =>
        ContentCoding.IsBrotli(coding) ? new(account, BrotliEncoderKiB, BrotliEncoderWindowKiB) : new(account, DeflateEncoderKiB, 0);

    /// <summary>Takes some more.</summary>
    /// <exception cref="MemoryBudgetException">The budget has no room for it.</exception>
    /// <exception cref="OperationCanceledException">The decoder has been given up.</exception>
    public void Take(long bytes)
    {
        _account.Take(bytes);
        lock (_gate)
        {
            if (!_isOver)
            {
                _takenBytes += bytes;
                return;
            }
        }

        _account.Return(bytes);
        throw new OperationCanceledException("the decoder has been given up");
    }

    /// <summary>Gives some of it back.</summary>
    public void Return(long bytes)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _takenBytes -= bytes;
        }

        _account.Return(bytes);
    }

    /// <summary>Says how many plain bytes have gone through.</summary>
    /// <exception cref="MemoryBudgetException">The budget has no room for the window that they need.</exception>
    public void Used(long plainBytes)
    {
        _plainBytes = plainBytes;
        TakeWindow();
    }

    /// <summary>Says how large the window may become.</summary>
    /// <exception cref="MemoryBudgetException">The budget has no room for the part of it that is used.</exception>
    public void Window(long mostBytes)
    {
        _mostWindowBytes = mostBytes;
        TakeWindow();
    }

    public void Dispose()
    {
        long left;
        lock (_gate)
        {
            (left, _takenBytes, _isOver) = (_takenBytes, 0, true);
        }

        _account.Return(left);
    }

    private void TakeWindow()
    {
        long window = Math.Min(_plainBytes, _mostWindowBytes), more = window - _windowBytes;
        if (more > 0)
        {
            Take(more);
        }
        else
        {
            Return(-more);
        }

        _windowBytes = window;
    }
}
