using ExtProc.Memory;

namespace ExtProc.Tests.Memory;

/// <summary>Large arrays are used again, and no more of them are kept than the budget has room for.</summary>
public sealed class LargeArraysTests
{
    private const int MiB = 1 << 20;

    private long _room = 10 * MiB;

    [Fact]
    public void An_array_is_used_again()
    {
        LargeArrays arrays = new(() => _room);
        byte[] array = arrays.Rent(MiB);
        arrays.Return(array);
        Assert.Equal(MiB, arrays.KeptBytes);

        Assert.Same(array, arrays.Rent(MiB - 1000));
        Assert.Equal(0, arrays.KeptBytes);
        Assert.NotSame(array, arrays.Rent(MiB));
    }

    [Fact]
    public void No_more_is_kept_than_there_is_room_for()
    {
        LargeArrays arrays = new(() => _room);
        foreach (byte[] array in (byte[][])[.. Enumerable.Range(0, 30).Select(_ => arrays.Rent(MiB))])
        {
            arrays.Return(array);
        }

        Assert.Equal(10 * MiB, arrays.KeptBytes);
        _room = 3 * MiB;
        arrays.Rent(2 * MiB);
        Assert.InRange(arrays.KeptBytes, 0, 3 * MiB);
    }

    [Fact]
    public void What_nobody_needed_is_let_go_the_second_time()
    {
        LargeArrays arrays = new(() => _room);
        byte[][] all = [arrays.Rent(MiB), arrays.Rent(MiB), arrays.Rent(MiB)];
        Array.ForEach(all, arrays.Return);
        arrays.DropUnused();
        Assert.Equal(3 * MiB, arrays.KeptBytes);
        arrays.Return(arrays.Rent(MiB));

        arrays.DropUnused();
        Assert.Equal(MiB, arrays.KeptBytes);
    }

    [Theory]
    [InlineData(256 * 1024 + 1)]
    [InlineData(MiB)]
    [InlineData(MiB + 1)]
    [InlineData(17 * MiB)]
    [InlineData(1 << 30)]
    public void A_quarter_is_wasted_at_most(int leastBytes) => Assert.InRange(LargeArrays.RentedBytes(leastBytes), leastBytes, leastBytes / 4 * 5);
}
