using ExtProc.Transport;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Tests.Transport;

/// <summary>What gRPC writes into headers: timeouts, status messages, binary metadata.</summary>
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

    [Theory]
    [InlineData("all is well", "all is well")]
    [InlineData("100 %", "100 %25")]
    [InlineData("tab\tnew\n", "tab%09new%0A")]
    [InlineData("é🐈", "%C3%A9%F0%9F%90%88")]
    [InlineData("~\u007F", "~%7F")]
    public void A_status_message_is_percent_encoded_where_it_must(string message, string encoded) =>
        Assert.Equal(encoded, GrpcMessageText.Encode(message));

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

        string encoded = GrpcMessageText.Encode(message);

        Assert.Equal(length, encoded.Length);
        string decoded = Uri.UnescapeDataString(encoded);
        Assert.True(decoded == message || (decoded.EndsWith("...", StringComparison.Ordinal) && message.StartsWith(decoded[..^3], StringComparison.Ordinal)), encoded);
    }

    [Theory]
    [InlineData("AAH+/w==", new byte[] { 0, 1, 254, 255 })]
    [InlineData("AAH+/w", new byte[] { 0, 1, 254, 255 })]
    [InlineData("", new byte[0])]
    public void Binary_metadata_comes_with_padding_or_without(string text, byte[] expected)
    {
        var metadata = new HeaderDictionary { ["trace-bin"] = text };
        Assert.Equal(expected, Assert.Single(metadata.BinaryValues("trace-bin")));
    }

    [Fact]
    public void Binary_metadata_may_hold_several_values()
    {
        var metadata = new HeaderDictionary { ["trace-bin"] = new(["AQ==,Ag", "Aw"]) };
        Assert.Equal([[1], [2], [3]], metadata.BinaryValues("trace-bin"));
        Assert.Empty(metadata.BinaryValues("absent-bin"));
    }

    [Fact]
    public void Binary_metadata_that_is_not_base64_is_INTERNAL()
    {
        var metadata = new HeaderDictionary { ["trace-bin"] = "*" };
        Assert.Equal(StatusCode.Internal, Assert.Throws<GrpcException>(() => metadata.BinaryValues("trace-bin")).Code);
        Assert.Throws<ArgumentException>(() => metadata.BinaryValues("text"));
    }
}
