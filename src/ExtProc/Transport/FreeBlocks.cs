using System.Collections.Concurrent;

namespace ExtProc.Transport;

/// <summary>The free blocks of one size: those that have memory, up to a limit, and those whose memory was given back. From any thread.</summary>
/// <param name="blockBytes">The size.</param>
/// <param name="mostBytes">How many bytes may stay free with memory; may change at any time.</param>
/// <param name="returned">Told of each block that comes back.</param>
internal sealed class FreeBlocks(int blockBytes, Func<long> mostBytes, Action<int> returned)
{
    // The blocks given back last, which are still in a core's cache, go out first.
    private readonly Block?[] warm = new Block?[4 * Environment.ProcessorCount];
    private readonly ConcurrentQueue<Block> rest = new();
    private int count;
    private int leastCount;

    // The slabs that have discarded blocks, under their own lock.
    private readonly List<BlockSlab> discarded = [];

    /// <summary>Bytes of each block.</summary>
    public int BlockBytes => blockBytes;

    /// <summary>Bytes of the free blocks that have memory.</summary>
    public long Bytes => (long)Volatile.Read(ref count) * blockBytes;

    /// <summary>Takes a free block, or makes one.</summary>
    public Block Take()
    {
        Block block = TakeFree() ?? TakeDiscarded();
        block.Rented(UntakenBytes.Renting);
        return block;
    }

    /// <summary>Takes a block back.</summary>
    public void Return(Block block)
    {
        returned(blockBytes);
        if (Interlocked.Increment(ref count) * (long)blockBytes > mostBytes())
        {
            Interlocked.Decrement(ref count);
            Discard(block);
        }
        else if (!TryKeepWarm(block))
        {
            rest.Enqueue(block);
        }
    }

    /// <summary>Gives back the memory of the blocks that nobody needed since the last time, and lets go of slabs that have no other.</summary>
    public void DropUnused()
    {
        // The fewest that were free at any time since the last look: so many were never needed.
        int unused = Math.Max(0, leastCount), dropped = 0;
        for (; dropped < unused && rest.TryDequeue(out Block? block); dropped++)
        {
            Discard(block);
        }

        leastCount = Interlocked.Add(ref count, -dropped);
        lock (discarded)
        {
            discarded.RemoveAll(slab => slab.Discarded.Count == slab.Count);
        }
    }

    private Block? TakeFree()
    {
        int start = FirstSlot();
        for (int i = 0; i < 4; i++)
        {
            if (warm[start + i] is not null && Interlocked.Exchange(ref warm[start + i], null) is { } block)
            {
                return Taken(block);
            }
        }

        return rest.TryDequeue(out Block? queued) ? Taken(queued) : null;
    }

    private bool TryKeepWarm(Block block)
    {
        int start = FirstSlot();
        for (int i = 0; i < 4; i++)
        {
            if (warm[start + i] is null && Interlocked.CompareExchange(ref warm[start + i], block, null) is null)
            {
                return true;
            }
        }

        return false;
    }

    private Block Taken(Block block)
    {
        // Two threads may race here; the count is a hint for what to drop, and the next look mends it.
        int left = Interlocked.Decrement(ref count);
        if (left < leastCount)
        {
            leastCount = left;
        }

        return block;
    }

    private Block TakeDiscarded()
    {
        lock (discarded)
        {
            if (discarded.Count == 0)
            {
                discarded.Add(NewSlab());
            }

            BlockSlab slab = discarded[^1];
            Block block = slab.Discarded.Pop();
            if (slab.Discarded.Count == 0)
            {
                discarded.RemoveAt(discarded.Count - 1);
            }

            return block;
        }
    }

    private void Discard(Block block)
    {
        block.Discard();
        lock (discarded)
        {
            if (block.Slab.Discarded.Count == 0)
            {
                discarded.Add(block.Slab);
            }

            block.Slab.Discarded.Push(block);
        }
    }

    private BlockSlab NewSlab()
    {
        BlockSlab slab = new(blockBytes);
        for (int number = slab.Count - 1; number >= 0; number--)
        {
            slab.Discarded.Push(new Block(this, slab, number));
        }

        return slab;
    }

    private int FirstSlot() => 4 * (Thread.GetCurrentProcessorId() % (warm.Length / 4));
}
