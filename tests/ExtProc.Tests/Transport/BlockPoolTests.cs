using System.Buffers;
using ExtProc.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExtProc.Tests.Transport;

/// <summary>The memory below all calls: bounded, counted, given back.</summary>
public sealed class BlockPoolTests : IDisposable
{
    private const int RetainedBlocks = 16;

    // The few blocks of each size that each core keeps at hand.
    private static readonly int WarmBytes = 4 * Environment.ProcessorCount * (BlockPool.LargeBlockBytes + BlockPool.SmallBlockBytes);

    private readonly TransportBudget budget = new(64 << 20, new GrpcTransportOptions(), TimeProvider.System, NullLogger<TransportBudget>.Instance);
    private readonly BlockPool pool;

    public BlockPoolTests() =>
        pool = new BlockPool(budget, new GrpcTransportOptions { PoolRetainedBytes = RetainedBlocks * BlockPool.LargeBlockBytes }, TimeProvider.System);

    public void Dispose() => pool.Dispose();

    [Fact]
    public void A_block_is_large_counted_while_rented_and_used_again()
    {
        IMemoryOwner<byte> block = pool.Rent(4_096);
        Assert.Equal(BlockPool.LargeBlockBytes, block.Memory.Length);
        Assert.Equal(BlockPool.LargeBlockBytes, pool.RentedBytes);
        Assert.Equal(BlockPool.LargeBlockBytes, budget.UsedBytes);
        block.Dispose();
        block.Dispose(); // a second return changes nothing
        Assert.Equal((0, 0, BlockPool.LargeBlockBytes), (pool.RentedBytes, budget.UsedBytes, pool.FreeBytes));
        for (int i = 0; i < 1_000; i++)
        {
            pool.Rent().Dispose();
        }

        // The thread may move to another core meanwhile, which has blocks of its own at hand.
        Assert.InRange(pool.FreeBytes, BlockPool.LargeBlockBytes, Environment.ProcessorCount * BlockPool.LargeBlockBytes);
    }

    [Fact]
    public void No_two_tenants_share_a_block()
    {
        Parallel.For(0, 64, _ =>
        {
            for (int i = 0; i < 100; i++)
            {
                using IMemoryOwner<byte> mine = pool.Rent();
                int mark = Environment.CurrentManagedThreadId * 1_000 + i;
                BitConverter.TryWriteBytes(mine.Memory.Span, mark);
                Assert.Equal(mark, BitConverter.ToInt32(mine.Memory.Span));
            }
        });
        Assert.Equal(0, pool.RentedBytes);
    }

    [Fact]
    public void Only_so_many_free_blocks_are_kept()
    {
        foreach (IMemoryOwner<byte> block in Enumerable.Range(0, 3 * RetainedBlocks).Select(_ => pool.Rent()).ToList())
        {
            block.Dispose();
        }

        Assert.Equal(RetainedBlocks * BlockPool.LargeBlockBytes, pool.FreeBytes);
    }

    [Fact]
    public void Blocks_that_nobody_needed_for_a_while_are_given_back()
    {
        foreach (IMemoryOwner<byte> block in Enumerable.Range(0, RetainedBlocks).Select(_ => pool.Rent()).ToList())
        {
            block.Dispose();
        }

        pool.DropUnused(); // they were needed since the last look
        Assert.Equal(RetainedBlocks * BlockPool.LargeBlockBytes, pool.FreeBytes);
        pool.DropUnused();
        Assert.InRange(pool.FreeBytes, 0, WarmBytes);
    }

    [Fact]
    public void While_memory_is_scarce_a_small_wish_gets_a_small_block()
    {
        budget.Take(40 << 20);
        using IMemoryOwner<byte> small = pool.Rent(4_096), large = pool.Rent(4_097);
        Assert.Equal((BlockPool.SmallBlockBytes, BlockPool.LargeBlockBytes), (small.Memory.Length, large.Memory.Length));
        budget.Return(40 << 20);
    }
}
