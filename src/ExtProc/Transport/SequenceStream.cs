using System.Buffers;
using ExtProc.Memory;

namespace ExtProc.Transport;

/// <summary>Lets a decompressor read a message where it lies; reads only, forward only.</summary>
internal sealed class SequenceStream(ReadOnlySequence<byte> bytes) : OneWayStream
{
    private ReadOnlySequence<byte> rest = bytes;

    public override bool CanRead => true;

    public override int Read(Span<byte> buffer)
    {
        ReadOnlySequence<byte> now = rest.Slice(0, Math.Min(rest.Length, buffer.Length));
        now.CopyTo(buffer);
        rest = rest.Slice(now.End);
        return (int)now.Length;
    }
}
