using System.Text;
using ExtProc.Pipeline.Messages;
using ExtProc.Pipeline.Reading;

namespace ExtProc.Tests.Pipeline;

/// <summary>An end that may come with the next byte is not looked for again in all that was there before.</summary>
public sealed class SearchedBytesTests
{
    private static readonly byte[] Body = Encoding.ASCII.GetBytes("data: 1\r\ndata: 2\r\n\r\ndata: 3\n\ndata: 4\r\r{\"a\":1}\r\n{}\n");

    public static TheoryData<string> Formats => ["text/event-stream", "application/x-ndjson"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_message_is_found_at_the_same_place_whatever_was_searched_before(string type)
    {
        MessageFormat format = MessageFormat.For(type, coding: null)!;
        for (int from = 0; from < Body.Length; from++)
        {
            byte[] rest = Body[from..];
            Assert.True(format.TryFind(rest, 0, isLast: true, out FoundMessage? whole));
            for (int had = 0; had <= rest.Length; had++)
            {
                if (!format.TryFind(rest.AsSpan(0, had), 0, isLast: false, out _))
                {
                    Assert.True(format.TryFind(rest, had, isLast: true, out FoundMessage? found));
                    Assert.Equal(whole, found);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_was_searched_is_not_looked_at_again(string type)
    {
        byte[] bytes = [.. "data: 1\n\n"u8, .. "data: 2"u8];

        Assert.False(MessageFormat.For(type, coding: null)!.TryFind(bytes, searchedBytes: bytes.Length - 1, isLast: false, out _));
    }

    [Theory]
    [InlineData("--b\r\n", "x: y\r\n\r\n")]
    [InlineData("--b", "   \r\n")]
    [InlineData("--b\r\nx: y\r\n\r\n", "some - content --b -- \r\n--b--")]
    public void A_piece_of_a_multipart_body_is_found_at_the_same_place_whatever_was_searched_before(string before, string rest)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(rest);
        MultipartPiece whole = Behind(before).Next(bytes, 0, isLast: true);
        for (int had = 0; had <= bytes.Length; had++)
        {
            MultipartReader reader = Behind(before);
            if (reader.Next(bytes.AsSpan(0, had), 0, isLast: false).Kind is MultipartPieceKind.NeedsMore)
            {
                Assert.Equal(whole, reader.Next(bytes, had, isLast: true));
            }
        }
    }

    /// <summary>Content that a handler holds comes again; a boundary is looked for only where one can have been completed.</summary>
    [Fact]
    public void A_boundary_in_content_that_was_searched_is_not_looked_for_again()
    {
        MultipartReader reader = Behind("--b\r\n\r\nx");
        byte[] bytes = Encoding.ASCII.GetBytes("held\r\n--b and more");

        Assert.False(reader.Next(bytes, searchedBytes: bytes.Length - 1, isLast: false).EndsPart);
        Assert.True(reader.Next(bytes, searchedBytes: 0, isLast: false).EndsPart);
    }

    private static MultipartReader Behind(string text)
    {
        MultipartReader reader = new("b", "multipart/form-data", headerLimitBytes: 1000);
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int at = 0; at < bytes.Length && reader.Next(bytes.AsSpan(at), 0, isLast: false) is { Kind: not MultipartPieceKind.NeedsMore } piece;)
        {
            at += piece.Length;
        }

        return reader;
    }
}
