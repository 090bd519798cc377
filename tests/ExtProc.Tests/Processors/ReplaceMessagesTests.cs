using System.IO.Compression;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

/// <summary>Bodies whose messages carry their length are searched message by message where a message is text.</summary>
public sealed class ReplaceMessagesTests
{
    private static readonly byte[] Two = [.. Redacting.Enveloped("{\"a\":\"secret\"}"), .. Redacting.Enveloped("{}"), .. Redacting.Enveloped("sec"), .. Redacting.Enveloped("ret")];

    [Theory]
    [InlineData("application/grpc+json")]
    [InlineData("Application/GRPC+JSON; charset=utf-8")]
    [InlineData("application/grpc-web+json")]
    [InlineData("application/connect+json")]
    public Task Messages_in_json_get_the_length_that_they_then_have(string type) => Redacting.With().MustBecomeAsync(
        type, Two, [.. Redacting.Enveloped("{\"a\":\"[redacted]\"}"), .. Redacting.Enveloped("{}"), .. Redacting.Enveloped("sec"), .. Redacting.Enveloped("ret")]);

    [Theory]
    [InlineData("application/connect+json", 0x02)]
    [InlineData("application/grpc-web+json", 0x80)]
    public Task What_stands_for_trailers_is_searched_and_keeps_its_flags(string type, byte flags) =>
        Redacting.With().MustBecomeAsync(type, Redacting.Enveloped("why: secret", flags), Redacting.Enveloped("why: [redacted]", flags));

    [Theory]
    [InlineData("application/grpc+json", "grpc-encoding")]
    [InlineData("application/connect+json", "connect-content-encoding")]
    public async Task A_compressed_message_is_searched_and_leaves_uncompressed(string type, string header)
    {
        Seen seen = await Compressed(type, (header, "gzip"), Gzip("my secret"u8)).RunAsync();

        Assert.Equal(Redacting.Shown(Redacting.Enveloped("my [redacted]")), Redacting.Shown(seen.Upstream.BodyBytes.Span));
    }

    [Theory]
    [InlineData("snappy", "x")]
    [InlineData("identity", "x")]
    [InlineData("gzip", "not gzip")]
    public async Task One_that_cannot_be_undone_never_goes_on(string coding, string message)
    {
        Seen seen = await Compressed("application/grpc+json", ("grpc-encoding", coding), System.Text.Encoding.UTF8.GetBytes(message)).RunAsync();

        Assert.Equal((PlayOutcome.Failed, Reasons.EncodingFailed, ""), (seen.Outcome, seen.Completion.Reason, seen.Upstream.Body));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("\0\0\0\0secret")]
    public async Task One_with_bytes_behind_its_compressed_end_never_goes_on(string rest)
    {
        Seen seen = await Compressed("application/grpc+json", ("grpc-encoding", "gzip"), [.. Gzip("hi"u8), .. System.Text.Encoding.UTF8.GetBytes(rest)]).RunAsync();

        Assert.Equal((PlayOutcome.Failed, Reasons.EncodingFailed, ""), (seen.Outcome, seen.Completion.Reason, seen.Upstream.Body));
    }

    /// <summary>Compressed, encrypted, the end: only who knows the flag can say what it makes of the bytes.</summary>
    [Theory]
    [InlineData("application/grpc+json", 0x02)]
    [InlineData("application/grpc+json", 0x80)]
    [InlineData("application/grpc-web+json", 0x02)]
    [InlineData("application/grpc-web+json", 0x40)]
    [InlineData("application/connect+json", 0x80)]
    [InlineData("application/connect+json", 0x05)]
    public Task One_with_flags_that_its_protocol_does_not_define_is_unreadable(string type, byte flags) =>
        Redacting.With().Both(type, Redacting.Enveloped("{}", flags)).EverywhereAsync(
            seen => Assert.Equal((PlayOutcome.Responded, Reasons.BodyUnreadable, ""), (seen.Outcome, seen.Completion.Reason, seen.Upstream.Body)), alwaysCounted: true);

    [Fact]
    public Task A_message_that_is_not_whole_never_goes_on() =>
        Redacting.With().Both("application/grpc+json", (byte[])[.. Redacting.Enveloped("{}"), 0, 0, 0, 0, 9, .. "secret"u8]).EverywhereAsync(
            seen =>
            {
                Assert.DoesNotContain("secret", seen.Upstream.Body, StringComparison.Ordinal);
                Assert.Equal(Reasons.BodyUnreadable, seen.Completion.Reason);
            },
            alwaysCounted: true);

    [Fact]
    public Task A_message_in_utf16_is_unreadable() =>
        Redacting.With().Both("application/connect+json", Redacting.Enveloped(System.Text.Encoding.Unicode.GetBytes("secret"))).EverywhereAsync(
            seen => Assert.Equal((415, Reasons.BodyUnreadable), (seen.Client.Status, seen.Completion.Reason)), alwaysCounted: true);

    [Fact]
    public async Task A_message_larger_than_may_be_held_is_refused()
    {
        Seen seen = await Redacting.With().Both("application/connect+json", Redacting.Enveloped(new string('x', 100_000))).Limits(limits => limits with { HeldBytes = 64 << 10 })
            .In(BodySendMode.FullDuplexStreamed).CutAt(70_000).RunAsync();

        Assert.Equal((413, Reasons.BodyOverLimit), (seen.Client.Status, seen.Details));
    }

    private static Play Compressed(string type, (string, string) coding, byte[] message) =>
        Redacting.With().Request("POST", "/", "", [("content-type", type), coding]).Body(Direction.Request, Redacting.Enveloped(message, 1)).In(BodySendMode.Buffered);

    private static byte[] Gzip(ReadOnlySpan<byte> plain)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(plain);
        }

        return bytes.ToArray();
    }
}
