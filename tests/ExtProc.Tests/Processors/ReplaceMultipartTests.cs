using System.Text;
using ExtProc.Pipeline;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

/// <summary>A multipart body is searched part by part, by the type of each; its structure stays as it came.</summary>
public sealed class ReplaceMultipartTests
{
    private const string Type = "multipart/form-data; boundary=xYz";

    /// <summary>Line ends are written as <c>\n</c> and sent as CR LF.</summary>
    public static TheoryData<string, string, string> Readable => new()
    {
        { Type, "--xYz\nContent-Disposition: form-data; name=a\n\nmy secret\n--xYz--\n", "--xYz\nContent-Disposition: form-data; name=a\n\nmy [redacted]\n--xYz--\n" },
        { "Multipart/Mixed; Boundary=\"a b\"; x=y", "\n--a b \t\nContent-Type: text/html\n\nsecret\n-\n--a\nsecret\n--a b\n\nsecretsecre\n--a b--", "\n--a b \t\nContent-Type: text/html\n\n[redacted]\n-\n--a\n[redacted]\n--a b\n\n[redacted]secre\n--a b--" },
        { Type, "--xYz\ncontent-type: application/x-www-form-urlencoded\n\na=s%65cret&b=%7\n--xYz\ncontent-type: application/json\n\n{\"a\":\"secret\"}\n--xYz--", "--xYz\ncontent-type: application/x-www-form-urlencoded\n\na=[redacted]&b=%7\n--xYz\ncontent-type: application/json\n\n{\"a\":\"[redacted]\"}\n--xYz--" },
        { Type, "--xYz\nContent-Type: text/plain;\n charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nsec\n--xYz\n\nret\n--xYz--", "--xYz\nContent-Type: text/plain;\n charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nsec\n--xYz\n\nret\n--xYz--" },
        { Type, "--xYz\nA: b\n\n--xYz\n\n\n--xYz\nA: b\n\n\n--xYz--\n\n", "--xYz\nA: b\n\n--xYz\n\n\n--xYz\nA: b\n\n\n--xYz--\n\n" },
        { Type, "--xYz\n\nsecret", "--xYz\n\n[redacted]" },
        { Type, "--xYz--", "--xYz--" },
    };

    /// <summary>Each hides the word from who takes the structure for another.</summary>
    public static TheoryData<string> Unreadable =>
    [
        "secret\n--xYz\n\na\n--xYz--",
        "--xYz\n\na\n--xYz--\nsecret",
        "--xYz\nContent-Type: application/octet-stream\n\nsecret\n--xYz--",
        "--xYz\nContent-Type: image/png\n\nsecret\n--xYz--",
        "--xYz\nContent-Type: text/plain; charset=utf-16\n\nsecret\n--xYz--",
        "--xYz\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\nsecret\n--in--\n--xYz--",
        "--xYz\nContent-Type: text/plain\nContent-Type: image/png\n\nsecret\n--xYz--",
        "--xYz\nContent-Transfer-Encoding: quoted-printable\n\nsecret\n--xYz--",
        "--xYz\nContent-Transfer-Encoding: BASE64\n\nsecret\n--xYz--",
        "--xYz\nContent-Encoding: gzip\n\nsecret\n--xYz--",
        "--xYz\nContent-Range: bytes 0-5/9\n\nsecret\n--xYz--",
        "--xYz\nno header secret\n\na\n--xYz--",
        "--xYz\nsecret: never ends",
        "--xYzsecret\n\na\n--xYz--",
        "--xYz\n\na\n--xYzsecret\n--xYz--",
        "no boundary at all, but a secret",
        "-",
    ];

    [Theory]
    [MemberData(nameof(Readable))]
    public Task Parts_are_searched_and_boundaries_stay(string type, string body, string expected) => Redacting.With().MustBecomeAsync(type, Lines(body), Lines(expected));

    [Theory]
    [MemberData(nameof(Unreadable))]
    public Task A_part_or_structure_that_cannot_be_read_never_goes_on(string body) =>
        Redacting.With().Both(Type, Lines(body)).EverywhereAsync(seen =>
        {
            Assert.DoesNotContain("secret", seen.Upstream.Body, StringComparison.Ordinal);
            Assert.False(seen.Upstream.EndedCleanly);
            if (seen.Completion.Reason is not Reasons.ModeUnsupported)
            {
                Assert.Equal((PlayOutcome.Responded, 415, Reasons.BodyUnreadable), (seen.Outcome, seen.Client.Status, seen.Details));
            }
        });

    [Fact]
    public Task Line_ends_that_only_some_take_are_not_searched_across() =>
        Redacting.With().Both(Type, "--xYz\n\nsecret\n--xYz--"u8.ToArray()).EverywhereAsync(
            seen =>
            {
                Assert.Equal((415, Reasons.BodyUnreadable), (seen.Client.Status, seen.Completion.Reason));
                Assert.DoesNotContain("secret", seen.Upstream.Body, StringComparison.Ordinal);
            },
            alwaysCounted: true);

    /// <summary>Who takes a lone line end finds another part, whose headers say that it is encoded.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\n\r")]
    public Task A_delimiter_that_only_some_take_is_malformed(string lineEnd) =>
        Redacting.With().Both(Type, Encoding.UTF8.GetBytes($"--xYz\r\n\r\nhi{lineEnd}--xYz{lineEnd}content-transfer-encoding: base64{lineEnd}{lineEnd}c2VjcmV0\r\n--xYz--")).EverywhereAsync(
            seen =>
            {
                Assert.Equal((415, Reasons.BodyUnreadable), (seen.Client.Status, seen.Completion.Reason));
                Assert.DoesNotContain("c2V", seen.Upstream.Body, StringComparison.Ordinal);
            },
            alwaysCounted: true);

    [Fact]
    public Task What_only_looks_like_a_delimiter_passes() => Redacting.With().MustBecomeAsync(
        Type, "--xYz\r\n\r\na--xYz\n--xY\rsecret\n\r\n--xYz--"u8.ToArray(), "--xYz\r\n\r\na--xYz\n--xY\r[redacted]\n\r\n--xYz--"u8.ToArray());

    [Fact]
    public Task Skipped_parts_pass_by_themselves_and_the_others_are_searched() =>
        Redacting.With(OnError.Skip).Both(Type, Lines("--xYz\nContent-Type: image/png\n\nsecret\n--xYz\n\nsecret\n--xYz--")).EverywhereAsync(
            seen =>
            {
                string expected = "--xYz\nContent-Type: image/png\n\nsecret\n--xYz\n\n[redacted]\n--xYz--".ReplaceLineEndings("\r\n");
                Assert.Equal((PlayOutcome.Passed, expected, expected), (seen.Outcome, seen.Upstream.Body, seen.Client.Body));
                Assert.Equal(["ReplaceProcessor: body_unreadable: a part of the multipart body is image/png"], seen.Notes);
            },
            alwaysCounted: true);

    [Fact]
    public async Task Headers_of_a_part_have_a_limit()
    {
        Seen seen = await Redacting.With().Both(Type, Lines($"--xYz\nx: {new string('x', 2000)}")).Limits(limits => limits with { HeaderBytes = 1024 })
            .In(BodySendMode.FullDuplexStreamed).CutAt(1500).RunAsync();

        Assert.Equal((415, Reasons.BodyUnreadable), (seen.Client.Status, seen.Details));
    }

    [Fact]
    public async Task A_processor_that_does_not_ask_for_parts_cannot_read_them()
    {
        Seen seen = await Play.Through(() => new Pipeline.Scripted { Needs = needs => needs.RequestBody = BodyNeed.Stream() with { Reads = BodyTypes.Text }, RequestBody = (_, _, _) => Verdict.Continue })
            .Both(Type, Lines("--xYz\n\na\n--xYz--")).RunAsync();

        Assert.Equal(415, seen.Client.Status);
    }

    private static byte[] Lines(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
}
