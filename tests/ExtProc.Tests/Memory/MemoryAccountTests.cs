using ExtProc.Memory;

namespace ExtProc.Tests.Memory;

/// <summary>What one call holds of the budget.</summary>
public sealed class MemoryAccountTests
{
    private readonly FixedBudget budget = new(limitBytes: 1000);

    [Fact]
    public void What_is_taken_is_the_budgets_until_it_is_returned()
    {
        MemoryAccount account = new(budget);
        account.Take(300);
        account.Take(200);
        account.Return(100);
        Assert.Equal((400, 400), (account.HeldBytes, budget.UsedBytes));
    }

    [Fact]
    public void What_is_left_at_the_end_goes_back_once_and_nothing_is_taken_afterwards()
    {
        MemoryAccount account = new(budget);
        account.Take(300);
        account.Close();
        account.Close();
        account.Return(300);
        Assert.Throws<OperationCanceledException>(() => account.Take(1));
        Assert.Equal((0, 0), (account.HeldBytes, budget.UsedBytes));
    }

    [Fact]
    public void One_that_must_give_way_learns_it_when_it_asks_and_keeps_what_it_has()
    {
        EndedAccount account = new(budget);
        account.Take(900);
        Assert.Throws<MemoryBudgetException>(() => account.Take(200));
        Assert.True(account.HadToEnd);
        Assert.Equal((900, 900), (account.HeldBytes, budget.UsedBytes));
    }

    [Fact]
    public void Without_a_budget_it_only_counts()
    {
        MemoryAccount account = new();
        account.Take(long.MaxValue / 2);
        Assert.Equal(long.MaxValue / 2, account.HeldBytes);
    }

    [Fact]
    public async Task Many_threads_and_an_end_among_them_leave_nothing_behind()
    {
        FixedBudget all = new(long.MaxValue);
        MemoryAccount account = new(all);
        using Barrier start = new(5);
        Task[] takers = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => TakeUntilClosed(account, start), TaskCreationOptions.LongRunning))];
        start.SignalAndWait();
        account.Close();
        await Task.WhenAll(takers).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, all.UsedBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(4096)]
    [InlineData(50_000)]
    [InlineData(ByteArrays.LargestPooledBytes)]
    [InlineData(ByteArrays.LargestPooledBytes + 1)]
    public void An_array_is_as_long_as_was_said_before(int leastBytes)
    {
        byte[] array = ByteArrays.Rent(leastBytes);
        Assert.Equal(ByteArrays.RentedBytes(leastBytes), array.Length);
        ByteArrays.Return(array);
    }

    [Fact]
    public void Large_arrays_are_not_kept()
    {
        byte[] large = ByteArrays.Rent(ByteArrays.LargestPooledBytes + 1);
        ByteArrays.Return(large);
        Assert.NotSame(large, ByteArrays.Rent(ByteArrays.LargestPooledBytes + 1));
    }

    private static void TakeUntilClosed(MemoryAccount account, Barrier start)
    {
        start.SignalAndWait();
        try
        {
            while (true)
            {
                account.Take(3);
                account.Take(4);
                account.Return(5);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private sealed class EndedAccount(IMemoryBudget budget) : MemoryAccount(budget)
    {
        public bool HadToEnd { get; private set; }

        protected override void OnMustEnd(string? why) => HadToEnd = true;
    }

    private sealed class FixedBudget(long limitBytes) : IMemoryBudget
    {
        private long usedBytes;

        public long LimitBytes => limitBytes;

        public LargeArrays LargeArrays { get; } = new(() => 0);

        public long UsedBytes => Volatile.Read(ref usedBytes);

        public void Take(long bytes) => Interlocked.Add(ref usedBytes, bytes);

        public void Return(long bytes) => Interlocked.Add(ref usedBytes, -bytes);

        public bool MustGiveWay(long heldBytes) => UsedBytes > limitBytes;
    }
}
