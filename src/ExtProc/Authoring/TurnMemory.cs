using System.Buffers;
using ExtProc.Memory;

namespace ExtProc;

/// <summary>Memory that can be taken away: read after the handler's turn it throws instead of showing another exchange's bytes.</summary>
internal sealed class TurnMemory : MemoryManager<byte>
{
    // A copy, because a pin or a span that is out cannot be taken back; it is never pooled.
    private byte[]? _bytes;
    private readonly int _length;
    private readonly MemoryAccount _account;

    /// <param name="bytes">What it shows.</param>
    /// <param name="account">The copy is taken from there.</param>
    public TurnMemory(ReadOnlyMemory<byte> bytes, MemoryAccount account)
    {
        account.Take(bytes.Length);
        (_bytes, _length, _account) = (bytes.ToArray(), bytes.Length, account);
    }

    // Not CreateMemory's default, which asks for the span.
    public override Memory<byte> Memory => CreateMemory(_length);

    public void Revoke()
    {
        if (Interlocked.Exchange(ref _bytes, null) is not null)
        {
            _account.Return(_length);
        }
    }

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
