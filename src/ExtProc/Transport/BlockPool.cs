using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace ExtProc.Transport;

/// <summary>
/// The memory of Kestrel's pipes. Its own blocks are 4 KiB, in which a 64 KiB body chunk crosses in 16 pieces; these are 64 KiB, and
/// 4 KiB while the budget is more than half used, so that many small leftovers do not cost 64 KiB each. What is rented counts
/// against the budget; of what is free only so much is kept, and what lay unused for a while is given back.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes of a usual block; the size was chosen by measurement (docs/decisions/001-grpc-aspnetcore-and-raw-messages.md).</summary>
    public const int LargeBlockBytes = 64 * 1024;

    /// <summary>Bytes of a block while memory is scarce.</summary>
    public const int SmallBlockBytes = 4 * 1024;

    private readonly TransportBudget budget;
    private readonly FreeBlocks large, small;
    private readonly ITimer idleTimer;
    private readonly IdleGarbage idleGarbage = new();
    private readonly bool mayCollect;
    private long rentedBytes;
    private long rentCount; // two threads may count as one: it only says whether there is much to do

    public BlockPool(TransportBudget budget, GrpcTransportOptions options, TimeProvider time)
    {
        (this.budget, mayCollect) = (budget, options.OwnsProcess);
        long retainedBytes = Math.Min(options.PoolRetainedBytes, budget.LimitBytes / 8);
        // While small blocks are given out, large ones would lie unused beside them.
        large = new FreeBlocks(LargeBlockBytes, () => budget.Scarce ? 0 : retainedBytes, CountReturned);
        small = new FreeBlocks(SmallBlockBytes, () => retainedBytes / 4, CountReturned);
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
        Interlocked.Add(ref rentedBytes, blocks.BlockBytes);
        budget.Take(blocks.BlockBytes);
        return blocks.Take();
    }

    /// <summary>Gives back the memory that nobody needed since the last time, and the garbage of a process that has nothing to do.</summary>
    public void DropUnused()
    {
        large.DropUnused();
        small.DropUnused();
        budget.LargeArrays.DropUnused();
        if (mayCollect && idleGarbage.IsWorthCollecting(rentCount))
        {
            budget.Garbage.GiveBack();
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

    private void CountReturned(int bytes)
    {
        Interlocked.Add(ref rentedBytes, -bytes);
        budget.Return(bytes);
    }
}
