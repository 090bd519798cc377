using System.Buffers;
using ExtProc.Protocol;

namespace ExtProc.Tests.Protocol;

/// <summary>What one message may hold beside a body, looked at before anything is made of it.</summary>
public sealed class ReceivedLimitTests
{
    private const int Lines = 1_000, Bytes = 64 * 1024, Many = 1_000_000;

    private static readonly ReceivedLimits Limits = new(Bytes, Lines);
    private static readonly byte[] EmptyLine = Field(1, []);

    // Each is a few mebibytes on the wire, and hundreds when objects are made of it.
    private static readonly Dictionary<string, Func<byte[]>> TooMuch = new()
    {
        ["request header lines"] = () => Field(2, Field(1, Repeat(EmptyLine, Many))),
        ["response header lines"] = () => Field(3, Field(1, Repeat(EmptyLine, Many))),
        ["trailer lines"] = () => Field(6, Field(1, Repeat(EmptyLine, Many))),
        ["one line more than is taken"] = () => Field(7, Field(1, Repeat(EmptyLine, Lines + 1))),
        ["unknown fields"] = () => Repeat([0xf8, 0x3f, 1], Many),
        ["unknown fields in headers"] = () => Field(2, Repeat([0xf8, 0x3f, 1], Many)),
        ["unknown fields in a body"] = () => Field(4, Repeat([0xf8, 0x3f, 1], Many)),
        ["unknown groups"] = () => Repeat([0xa3, 0x06, 0xa4, 0x06], Many),
        ["attributes of many names"] = () => [.. Field(2, []), .. Repeat(Field(9, []), Many)],
        ["attributes with many fields"] = () => [.. Field(2, []), .. Field(9, Named(Repeat(EmptyLine, Many)))],
        ["attributes with a long list"] = () => [.. Field(2, []), .. Field(9, Named(Field(1, Named(Field(6, Repeat(EmptyLine, Many))))))],
        ["metadata of many names"] = () => [.. Field(4, []), .. Field(8, Repeat(EmptyLine, Many))],
        ["metadata with a long list"] = () => [.. Field(4, []), .. Field(8, Field(1, Named(Field(1, Named(Field(6, Repeat(EmptyLine, Many)))))))],
        ["metadata in many pieces"] = () => [.. Field(4, []), .. Repeat(Field(8, []), Many)],
        ["a long header"] = () => Field(2, Field(1, Field(1, Field(3, new byte[Bytes])))),
        ["a long attribute"] = () => [.. Field(4, Field(1, new byte[Bytes])), .. Field(9, Named(Field(1, new byte[Bytes])))],
        ["a long unknown field"] = () => [.. Field(4, []), .. Field(99, new byte[Bytes])],
    };

    // These come twice and would be merged.
    private static readonly Dictionary<string, Func<byte[]>> Doubled = new()
    {
        ["a member"] = () => [.. Field(2, []), .. Field(2, Field(1, Repeat(EmptyLine, Many)))],
        ["another member"] = () => [.. Field(4, []), .. Field(2, Field(1, Repeat(EmptyLine, Many)))],
        ["a large body and headers"] = () => [.. Field(4, Field(1, new byte[Many])), .. Field(2, Field(1, EmptyLine))],
        ["a header map"] = () => Field(2, [.. Field(1, EmptyLine), .. Field(1, Repeat(EmptyLine, Many))]),
        ["a body's bytes"] = () => Field(4, [.. Field(1, new byte[Many]), .. Field(1, new byte[Many])]),
        ["the protocol's configuration"] = () => [.. Field(11, []), .. Field(11, []), .. Field(2, Field(1, Repeat(EmptyLine, Many)))],
    };

    // By name: a test's arguments are shown and sent about.
    public static TheoryData<string> NamesOfTooMuch => [.. TooMuch.Keys];

    public static TheoryData<string> NamesOfDoubled => [.. Doubled.Keys];

    [Theory]
    [MemberData(nameof(NamesOfTooMuch))]
    public void A_message_with_too_much_beside_a_body_is_refused_and_nothing_is_made_of_it(string what)
    {
        byte[] message = TooMuch[what]();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<ReceivedLimitException>(() => Decode(message));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000, what);
        Assert.Contains("limits.receivedHeader", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NamesOfDoubled))]
    public void What_comes_twice_in_a_large_message_is_malformed_and_nothing_is_made_of_it(string what)
    {
        byte[] message = Doubled[what]();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<MalformedMessageException>(() => Decode(message));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000, what);
        Assert.Contains("comes twice", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_much_as_the_limits_say_is_taken()
    {
        byte[] message = Field(2, Field(1, Repeat(EmptyLine, Lines)));
        Assert.Equal(Lines, new HeaderLines(Decode(message).Content.ToArray()).Count);
    }

    [Fact]
    public void A_bodys_bytes_do_not_count() => Assert.Equal(Many, Decode(Field(4, Field(1, new byte[Many]))).Content.Length);

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public void Values_nested_without_end_are_malformed(int field)
    {
        byte[] value = [];
        for (int depth = 0; depth < 5_000; depth++)
        {
            value = Field(6, Field(1, value));
        }

        byte[] named = Named(Field(1, Named(value)));
        byte[] message = [.. Field(2, []), .. Field(field, field == 8 ? Field(1, named) : named)];
        var refused = Assert.Throws<MalformedMessageException>(() => Decode(message));
        Assert.Contains("nested", refused.Message, StringComparison.Ordinal);
    }

    private static Part Decode(byte[] message) => PartDecoder.Decode(new ReadOnlySequence<byte>(message), Limits);

    private static byte[] Named(byte[] value) => [.. Field(1, "name"u8.ToArray()), .. Field(2, value)];

    private static byte[] Field(int number, byte[] content) => [.. Varint((number << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Repeat(byte[] bytes, int count)
    {
        byte[] all = new byte[bytes.Length * count];
        for (int i = 0; i < count; i++)
        {
            bytes.CopyTo(all, i * bytes.Length);
        }

        return all;
    }

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
