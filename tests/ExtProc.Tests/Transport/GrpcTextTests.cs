using System.Text;
using ExtProc.Transport;

namespace ExtProc.Tests.Transport;

/// <summary>What gRPC writes into headers: timeouts and status messages.</summary>
public sealed class GrpcTextTests
{
    [Theory]
    [InlineData("1n", 1)]
    [InlineData("100n", 1)]
    [InlineData("101n", 2)]
    [InlineData("7u", 70)]
    [InlineData("20m", 200_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("1M", 600_000_000)]
    [InlineData("2H", 72_000_000_000)]
    [InlineData("0n", 0)]
    [InlineData("99999999H", 3_599_999_964_000_000_000)]
    public void A_timeout_is_a_number_and_a_unit(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("5 S")]
    [InlineData("+5S")]
    [InlineData("-5S")]
    [InlineData("5.0S")]
    [InlineData("123456789n")]
    public void Anything_else_is_none(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    /// <summary>Envoy closes the connection, with everybody's exchanges on it, over a block of headers that is too large for it.</summary>
    [Theory]
    [InlineData("x", 500, 500)]
    [InlineData("x", 501, 500)]
    [InlineData("x", 100_000, 500)]
    [InlineData("%", 166, 498)]
    [InlineData("%", 167, 498)]
    [InlineData("ä", 83, 498)]
    [InlineData("ä", 84, 495)]
    [InlineData("\uFFFD", 9_000, 498)]
    [InlineData("🐈", 50, 495)]
    [InlineData("\r\n", 100_000, 498)]
    public void A_long_status_message_is_cut_after_a_whole_character(string character, int times, int length)
    {
        string message = string.Concat(Enumerable.Repeat(character, times));

        string shortened = StatusDetail.Shorten(message);

        Assert.Equal(length, Encoding.UTF8.GetBytes(shortened).Sum(code => code is >= 0x20 and < 0x7F and not (byte)'%' ? 1 : 3));
        Assert.True(shortened == message || (shortened.EndsWith("...", StringComparison.Ordinal) && message.StartsWith(shortened[..^3], StringComparison.Ordinal)), shortened);
    }
}
