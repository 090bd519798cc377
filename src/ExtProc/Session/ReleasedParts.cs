using ExtProc.Memory;
using ExtProc.Pipeline;

namespace ExtProc.Session;

/// <summary>What the processors let go of in one direction and no reply has carried yet.</summary>
/// <param name="memory">What has to be copied is taken from there.</param>
internal sealed class ReleasedParts(MemoryAccount memory)
{
    private readonly PooledBytes _kept = new() { Account = memory };
    private ReadOnlyMemory<byte> _newest;

    /// <summary>The headers may go.</summary>
    public bool Headers { get; set; }

    /// <summary>The trailers may go.</summary>
    public bool Trailers { get; set; }

    /// <summary>The body's end is among its bytes.</summary>
    public bool Last { get; private set; }

    /// <summary>Bytes of the body wait to be sent.</summary>
    public bool HasBytes => _kept.Length > 0 || !_newest.IsEmpty;

    /// <summary>The bytes in their order; they are copied where they came in several pieces.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (_kept.Length == 0)
            {
                return _newest;
            }

            KeepBytes();
            return _kept.Memory;
        }
    }

    /// <summary>Bytes of the body may go.</summary>
    /// <param name="bytes">They, valid until the part ends or <see cref="KeepBytes"/>; none to say only that the body ends.</param>
    /// <param name="isLast">The body ends with them.</param>
    public void Add(ReadOnlyMemory<byte> bytes, bool isLast)
    {
        if (!bytes.IsEmpty)
        {
            KeepBytes();
            _newest = bytes;
        }

        Last |= isLast;
    }

    /// <summary>Copies the bytes: their memory is used again before the part ends.</summary>
    public void KeepBytes()
    {
        _kept.Append(_newest.Span);
        _newest = default;
    }

    /// <summary>Whether the bytes are those that were received, untouched.</summary>
    public bool Are(ReadOnlyMemory<byte> received) => _kept.Length == 0 && (_newest.Equals(received) || (_newest.IsEmpty && received.IsEmpty));

    /// <summary>The bytes have been sent.</summary>
    public void ForgetBytes()
    {
        _newest = default;
        _kept.Release();
    }

    /// <summary>All of it has been sent, or will not be.</summary>
    public void Forget()
    {
        ForgetBytes();
        (Headers, Trailers, Last) = (false, false, false);
    }
}
