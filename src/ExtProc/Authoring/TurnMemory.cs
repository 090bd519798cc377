using System.Buffers;

namespace ExtProc;

/// <summary>Memory that can be taken away: read after the handler's turn it throws instead of showing another exchange's bytes.</summary>
internal sealed class TurnMemory(ReadOnlyMemory<byte> bytes) : MemoryManager<byte>
{
    // A copy, because a pin or a span that is out cannot be taken back; it is never pooled.
    private byte[]? _bytes = bytes.ToArray();
    private readonly int _length = bytes.Length;

    // Not CreateMemory's default, which asks for the span.
    public override Memory<byte> Memory => CreateMemory(_length);

    public void Revoke() => _bytes = null;

    public override Span<byte> GetSpan() => Bytes;

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = System.Runtime.InteropServices.GCHandle.Alloc(Bytes, System.Runtime.InteropServices.GCHandleType.Pinned);
        return new((byte*)handle.AddrOfPinnedObject() + elementIndex, handle, this);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => Revoke();

    private byte[] Bytes => _bytes
        ?? throw new ExchangeRefusedException(Reasons.OutOfTurn, "memory of a Body was used after its handler had ended; copy what you need for later");
}
