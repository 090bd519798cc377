using ExtProc.Memory;

namespace ExtProc.Tests.Memory;

/// <summary>Memory that an array does not need is given back, and the array stays what it is.</summary>
public sealed class PagesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5000)]
    [InlineData(1 << 20)]
    public void What_is_discarded_can_be_written_again_and_what_is_beside_it_stays(int bytes)
    {
        byte[] array = new byte[bytes + 200];
        Array.Fill(array, (byte)7);
        Pages.Discard(array.AsSpan(100, bytes));
        Assert.Equal(200, array[..100].Concat(array[^100..]).Count(value => value == 7));

        Array.Fill(array, (byte)8);
        Assert.DoesNotContain(array, value => value != 8);
    }

    [Fact]
    public void A_large_array_reads_as_zeros_afterwards()
    {
        byte[] array = new byte[1 << 20];
        Array.Fill(array, (byte)7);
        Pages.Discard(array);
        Assert.InRange(array.Count(value => value == 7), 0, 2 * Pages.Bytes);
    }
}
