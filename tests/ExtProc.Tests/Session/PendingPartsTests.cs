using System.Buffers;
using ExtProc.Memory;
using ExtProc.Session;

namespace ExtProc.Tests.Session;

/// <summary>What waits for a busy processor is bounded and counted, also when it is nothing but its number.</summary>
public sealed class PendingPartsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(300_000)]
    public void Messages_of_any_size_reach_the_limit_and_their_memory_goes_back(int messageBytes)
    {
        MemoryAccount account = new();
        PendingParts parts = new(limitBytes: 1 << 20, account);
        int count = 0;
        for (; !parts.IsFull; count++)
        {
            parts.Keep(new ReadOnlySequence<byte>(new byte[messageBytes]), Direction.Request);
        }

        Assert.InRange(count, 1, (1 << 20) / 64);
        Assert.InRange(account.HeldBytes, 1 << 20, (1 << 20) + 400_000);

        Assert.True(parts.TryTake(out byte[] buffer, out ReadOnlySequence<byte> message));
        Assert.Equal(messageBytes, message.Length);
        parts.GiveBack(buffer);
        parts.Release();
        Assert.Equal(0, account.HeldBytes);
    }
}
