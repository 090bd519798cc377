using System.Buffers;

namespace ExtProc.Session;

/// <summary>What the processors let go of in one direction and no reply has carried yet.</summary>
internal sealed class ReleasedParts
{
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>The headers may go.</summary>
    public bool Headers { get; set; }

    /// <summary>The trailers may go.</summary>
    public bool Trailers { get; set; }

    /// <summary>The body's end is among its bytes.</summary>
    public bool Last { get; private set; }

    /// <summary>Bytes of the body wait to be sent.</summary>
    public bool HasBytes => _pieces.Count > 0;

    /// <summary>How many they are.</summary>
    public long ByteCount => _pieces.Sum(piece => (long)piece.Length);

    /// <summary>The bytes in their order; they are copied where they came in several pieces.</summary>
    public ReadOnlySequence<byte> Bytes => _pieces.Count switch
    {
        0 => ReadOnlySequence<byte>.Empty,
        1 => new ReadOnlySequence<byte>(_pieces[0]),
        _ => new ReadOnlySequence<byte>(_pieces.SelectMany(piece => piece.ToArray()).ToArray()),
    };

    /// <summary>Bytes of the body may go.</summary>
    /// <param name="bytes">They; none to say only that the body ends.</param>
    /// <param name="isLast">The body ends with them.</param>
    public void Add(ReadOnlyMemory<byte> bytes, bool isLast)
    {
        if (!bytes.IsEmpty)
        {
            _pieces.Add(bytes);
        }

        Last |= isLast;
    }

    /// <summary>Whether the bytes are those that were received, untouched.</summary>
    public bool Are(ReadOnlyMemory<byte> received) => (_pieces.Count == 1 && _pieces[0].Equals(received)) || (_pieces.Count == 0 && received.IsEmpty);

    /// <summary>The bytes have been sent.</summary>
    public void ForgetBytes() => _pieces.Clear();

    /// <summary>All of it has been sent, or will not be.</summary>
    public void Forget()
    {
        _pieces.Clear();
        (Headers, Trailers, Last) = (false, false, false);
    }
}
