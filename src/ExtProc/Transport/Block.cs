using System.Buffers;

namespace ExtProc.Transport;

/// <summary>One block of memory, pinned for its life, because sockets read into it and write from it.</summary>
/// <param name="home">Where it goes when it is free.</param>
/// <param name="slab">What it is cut out of.</param>
/// <param name="number">Which block of it this is.</param>
internal sealed class Block(FreeBlocks home, BlockSlab slab, int number) : IMemoryOwner<byte>
{
    private int rented;
    private UntakenBytes? response;

    /// <inheritdoc/>
    public Memory<byte> Memory { get; } = slab.MemoryOf(number);

    /// <summary>What it is cut out of.</summary>
    public BlockSlab Slab => slab;

    /// <summary>It is not free any more.</summary>
    /// <param name="by">The response that it is for; null for anything else.</param>
    public void Rented(UntakenBytes? by)
    {
        (rented, response) = (1, by);
        by?.Add(Memory.Length);
    }

    /// <summary>Gives its memory back to the system. It must be free, and can be rented again.</summary>
    public void Discard() => slab.Discard(number);

    /// <summary>Gives it back. A second time nothing happens: otherwise two requests would write into one block.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref rented, 0) == 1)
        {
            UntakenBytes? of = response;
            home.Return(this);
            of?.Add(-Memory.Length);
        }
    }
}
