using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace ExtProc.Transport;

/// <summary>
/// The memory of Kestrel's pipes. Its own blocks are 4 KiB, in which a 64 KiB body chunk crosses in 16 pieces; these are 64 KiB, and
/// 4 KiB while the budget is more than half used, so that many small leftovers do not cost 64 KiB each. What is rented counts
/// against the budget; of what is free only so much is kept, and what lay unused for a while is given back.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes of a usual block; the size was chosen by measurement (docs/decisions/001-own-grpc-transport.md).</summary>
    public const int LargeBlockBytes = 64 * 1024;

    /// <summary>Bytes of a block while memory is scarce.</summary>
    public const int SmallBlockBytes = 4 * 1024;

    // Below this much given back, a collection costs more than it frees.
    private const long WorthCollectingBytes = 8 * 1024 * 1024;

    private readonly TransportBudget budget;
    private readonly FreeBlocks large;
    private readonly FreeBlocks small;
    private readonly ITimer idleTimer;
    private readonly IdleGarbage idleGarbage = new();
    private long rentedBytes;
    private long droppedBytes;
    private long rentCount; // two threads may count as one: it only says whether there is much to do
    private int collecting;

    public BlockPool(TransportBudget budget, GrpcTransportOptions options, TimeProvider time)
    {
        this.budget = budget;
        long retainedBytes = Math.Min(options.PoolRetainedBytes, budget.LimitBytes / 8);
        large = new FreeBlocks(this, LargeBlockBytes, retainedBytes);
        small = new FreeBlocks(this, SmallBlockBytes, retainedBytes / 4);
        idleTimer = time.CreateTimer(_ => DropUnused(), null, options.PoolIdleTimeout, options.PoolIdleTimeout);
    }

    /// <inheritdoc/>
    public override int MaxBufferSize => LargeBlockBytes;

    /// <summary>Bytes that Kestrel has rented now.</summary>
    public long RentedBytes => Volatile.Read(ref rentedBytes);

    /// <summary>Bytes of free blocks kept for reuse.</summary>
    public long FreeBytes => large.Bytes + small.Bytes;

    /// <summary>One pool for all listeners and sockets: what one gives back another can use.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, LargeBlockBytes);
        FreeBlocks blocks = minBufferSize <= SmallBlockBytes && budget.Scarce ? small : large;
        rentCount++;
        Count(blocks.BlockBytes);
        return blocks.Take();
    }

    /// <summary>Gives back every block that nobody needed since the last time, and the garbage of a process that has nothing to do.</summary>
    public void DropUnused()
    {
        Dropped(large.DropUnused() + small.DropUnused() + budget.LargeArrays.DropUnused());
        if (Volatile.Read(ref droppedBytes) >= WorthCollectingBytes || idleGarbage.IsWorthCollecting(rentCount))
        {
            // Garbage of the oldest generation would never be collected in an idle process.
            Volatile.Write(ref droppedBytes, 0);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            idleGarbage.Collected();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            idleTimer.Dispose();
        }
    }

    // While much is in use, what was dropped must not come on top of it for long.
    private void Dropped(long bytes)
    {
        if (Interlocked.Add(ref droppedBytes, bytes) >= Math.Max(WorthCollectingBytes, budget.LimitBytes / 8) && budget.Scarce && Interlocked.Exchange(ref collecting, 1) == 0)
        {
            _ = Task.Run(Collect);
        }
    }

    private void Collect()
    {
        Volatile.Write(ref droppedBytes, 0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        Volatile.Write(ref collecting, 0);
    }

    private void Count(int bytes)
    {
        Interlocked.Add(ref rentedBytes, bytes);
        if (bytes > 0)
        {
            budget.Take(bytes);
        }
        else
        {
            budget.Return(-bytes);
        }
    }

    /// <summary>The free blocks of one size.</summary>
    private sealed class FreeBlocks(BlockPool pool, int blockBytes, long retainedBytes)
    {
        // The blocks given back last, which are still in a core's cache, go out first.
        private readonly Block?[] warm = new Block?[4 * Environment.ProcessorCount];
        private readonly ConcurrentQueue<Block> rest = new();
        private int count;
        private int leastCount;

        public int BlockBytes => blockBytes;

        public long Bytes => (long)Volatile.Read(ref count) * blockBytes;

        public Block Take()
        {
            Block block = TakeFree() ?? new Block(this, blockBytes);
            block.Rented(UntakenBytes.Renting);
            return block;
        }

        public void Return(Block block)
        {
            pool.Count(-blockBytes);
            // While small blocks are given out, large ones would lie unused beside them.
            if (Interlocked.Increment(ref count) * (long)blockBytes > (blockBytes == LargeBlockBytes && pool.budget.Scarce ? 0 : retainedBytes))
            {
                Interlocked.Decrement(ref count);
                pool.Dropped(blockBytes);
                return;
            }

            int start = FirstSlot();
            for (int i = 0; i < 4; i++)
            {
                if (warm[start + i] is null && Interlocked.CompareExchange(ref warm[start + i], block, null) is null)
                {
                    return;
                }
            }

            rest.Enqueue(block);
        }

        public long DropUnused()
        {
            // The fewest that were free at any time since the last look: so many were never needed.
            int unused = Math.Max(0, leastCount), dropped = 0;
            while (dropped < unused && rest.TryDequeue(out _))
            {
                dropped++;
            }

            leastCount = Interlocked.Add(ref count, -dropped);
            return (long)dropped * blockBytes;
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

        private int FirstSlot() => 4 * (Thread.GetCurrentProcessorId() % (warm.Length / 4));
    }

    /// <summary>One block. Pinned once for all, because sockets read into it and write from it.</summary>
    private sealed class Block(FreeBlocks home, int bytes) : IMemoryOwner<byte>
    {
        private int rented;
        private UntakenBytes? response;

        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(bytes, pinned: true), 0, bytes);

        public void Rented(UntakenBytes? by)
        {
            (rented, response) = (1, by);
            by?.Add(bytes);
        }

        // A second return would let two requests write into one block.
        public void Dispose()
        {
            if (Interlocked.Exchange(ref rented, 0) == 1)
            {
                UntakenBytes? of = response;
                home.Return(this);
                of?.Add(-bytes);
            }
        }
    }
}
