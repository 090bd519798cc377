using System.Runtime.InteropServices;
using ExtProc.Memory;

namespace ExtProc.Transport;

/// <summary>
/// One pinned array that blocks are cut out of, on the boundaries of pages, so that the memory behind each of them can be given back to
/// the system. Were each block an array of its own, a few live ones among many dead would keep the memory of all: the runtime cannot
/// move what is pinned.
/// </summary>
internal sealed class BlockSlab
{
    private const int SlabBytes = 1024 * 1024;

    private readonly byte[] array = GC.AllocateUninitializedArray<byte>(SlabBytes + Pages.Bytes, pinned: true);
    private readonly int start;
    private readonly int blockBytes;

    /// <param name="blockBytes">Bytes of each of its blocks.</param>
    public BlockSlab(int blockBytes)
    {
        this.blockBytes = blockBytes;
        start = (int)(Pages.Bytes - (Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % Pages.Bytes));
    }

    /// <summary>How many blocks it has.</summary>
    public int Count => SlabBytes / blockBytes;

    /// <summary>Its blocks that have no memory now. Under the lock of <see cref="FreeBlocks"/>.</summary>
    public Stack<Block> Discarded { get; } = [];

    /// <summary>What a block refers to.</summary>
    public Memory<byte> MemoryOf(int block) => MemoryMarshal.CreateFromPinnedArray(array, start + (block * blockBytes), blockBytes);

    /// <summary>Gives the memory of a block back to the system; what was in it is lost.</summary>
    public void Discard(int block) => Pages.Discard(array.AsSpan(start + (block * blockBytes), blockBytes));
}
