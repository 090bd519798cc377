using System.Text;
using ExtProc.Pipeline;
using ExtProc.Processors;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

/// <summary>A content type is no way round a redactor: what it cannot read is refused, or passes untouched where that is declared.</summary>
public sealed class UnreadableBodyTests
{
    private const string Body = "my secret";

    public static TheoryData<string?> UnreadableTypes =>
    [
        null, "", "application/octet-stream", "image/png", "application/pdf", "application/grpc", "Application/GRPC+proto", "application/grpc; a=b",
        "application/grpc-web+proto", "application/grpc-web-text", "application/grpc-web-text+json", "application/connect+proto",
        "application/x-protobuf", "application/cbor", "application/http", "message/rfc822", "application/vnd.amazon.eventstream", "multipart/mixed",
        "multipart/mixed; boundary=\"\"", "text/plain; charset=utf-16", "text/plain;charset=\"UTF-16LE\"", "application/json; charset=utf-32",
        "text/html; charset=shift_jis", "text/plain; charset=utf-7", "text/plain, application/octet-stream", "text/plain; charset=utf-8, image/png",
        "text/plain; charset=utf-8; charset=utf-16", "text/plain; charset*=''utf-7", "text/plain; charset*0=utf; charset*1=-7", "multipart/form-data; boundary=x; boundary*=''b", "text", "text/", "/plain", "text/plain/x", "text/plain; charset=\"utf-8", "not a type",
    ];

    public static TheoryData<string> ReadableTypes =>
    [
        "text/plain", "TEXT/HTML; charset=UTF-8", "text/plain;charset=\"utf-8\"", "text/plain;", "text/css; charset=us-ascii", "text/event-stream", "application/json",
        "application/problem+json", "application/vnd.api+json; charset=utf-8", "application/xml", "image/svg+xml", "application/javascript",
        "application/x-ndjson", "application/jsonl", "application/json-seq", "application/graphql", "application/yaml", "text/html; charset=iso-8859-1",
        "text/plain; charset=windows-1252", "application/x-www-form-urlencoded",
    ];

    public static TheoryData<string, byte[]> WideTexts => new()
    {
        { "UTF-16 with a mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Body)] },
        { "UTF-16 the other way round with a mark", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Body)] },
        { "UTF-16", Encoding.Unicode.GetBytes(Body) },
        { "UTF-16 the other way round", Encoding.BigEndianUnicode.GetBytes(Body) },
        { "UTF-32", Encoding.UTF32.GetBytes(Body) },
        { "UTF-32 the other way round", new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes(Body) },
    };

    [Theory]
    [MemberData(nameof(UnreadableTypes))]
    public async Task A_request_that_cannot_be_read_is_answered_415_and_nothing_of_it_goes_on(string? type)
    {
        foreach (OnError onError in (OnError[])[OnError.Fail, OnError.Respond])
        {
            await Redacting.With(onError).Both(type, Encoding.UTF8.GetBytes(Body)).EverywhereAsync(seen =>
            {
                Assert.Equal((PlayOutcome.Responded, StatusOf(415, type), Reasons.BodyUnreadable), (seen.Outcome, seen.Client.Status, seen.Details));
                Assert.DoesNotContain("secret", seen.Upstream.Body, StringComparison.Ordinal);
                Assert.Equal((ExchangeOutcome.Responded, Reasons.BodyUnreadable, "ReplaceProcessor"), (seen.Completion.Outcome, seen.Completion.Reason, seen.Completion.Processor));
                Assert.StartsWith("ReplaceProcessor: body_unreadable: the request body ", Assert.Single(seen.Notes), StringComparison.Ordinal);
            });
        }
    }

    [Theory]
    [MemberData(nameof(UnreadableTypes))]
    public Task A_response_that_cannot_be_read_is_answered_502(string? type) =>
        Redacting.With(options: options => options with { In = BodiesOf.Response }).Both(type, Encoding.UTF8.GetBytes(Body)).EverywhereAsync(seen =>
        {
            Assert.Equal((PlayOutcome.Responded, StatusOf(502, type), Reasons.BodyUnreadable), (seen.Outcome, seen.Client.Status, seen.Details));
            Assert.DoesNotContain("secret", seen.Client.Body, StringComparison.Ordinal);
            Assert.Equal(Body, seen.Upstream.Body);
        });

    [Theory]
    [MemberData(nameof(UnreadableTypes))]
    public Task Skipped_it_passes_as_it_came_and_the_notes_say_so_for_each_direction(string? type) =>
        Redacting.With(OnError.Skip).Both(type, Encoding.UTF8.GetBytes(Body)).EverywhereAsync(seen =>
        {
            Assert.Equal((PlayOutcome.Passed, Body, Body), (seen.Outcome, seen.Upstream.Body, seen.Client.Body));
            Assert.Equal(seen.Upstream["content-length"], seen.Client["content-length"]);
            Assert.Equal(2, seen.Notes.Count);
            Assert.All(seen.Notes, note => Assert.StartsWith("ReplaceProcessor: body_unreadable: the re", note, StringComparison.Ordinal));
        });

    [Theory]
    [MemberData(nameof(ReadableTypes))]
    public async Task Text_of_every_kind_is_searched(string type)
    {
        foreach (BodySendMode mode in Redacting.Modes)
        {
            Seen seen = await Redacting.With().Both(type, Encoding.UTF8.GetBytes(Body)).WithContentLength().In(mode).CutAt(5).RunAsync();

            Assert.Equal((PlayOutcome.Passed, "my [redacted]", "my [redacted]"), (seen.Outcome, seen.Upstream.Body, seen.Client.Body));
        }
    }

    [Theory]
    [MemberData(nameof(WideTexts))]
    public Task Text_that_hides_its_letters_between_zeros_is_unreadable_whatever_its_type_says(string what, byte[] body) =>
        Redacting.With().Both("text/plain; charset=utf-8", body).EverywhereAsync(
            seen =>
            {
                Assert.True(seen.Outcome is PlayOutcome.Responded or PlayOutcome.Failed, $"{what}: {seen}");
                Assert.Equal(Reasons.BodyUnreadable, seen.Completion.Reason);
                Assert.True(seen.Upstream.BodyBytes.Length < 4 && !seen.Upstream.EndedCleanly);
            },
            alwaysCounted: true);

    [Theory]
    [InlineData("text/plain; charset=iso-8859-1", "gänsefüßchen", 415)]
    [InlineData("text/plain; charset=utf-8", "gänsefüßchen", 200)]
    public async Task A_single_byte_charset_is_searched_for_ascii_only(string type, string text, int status)
    {
        Seen seen = await Redacting.With(options: options => options with { Text = text }).Both(type, "x"u8.ToArray()).RunAsync();

        Assert.Equal(status, seen.Client.Status);
    }

    [Theory]
    [InlineData(null, OnError.Fail)]
    [InlineData(null, OnError.Skip)]
    [InlineData("text/plain", OnError.Fail)]
    public async Task A_message_without_a_byte_is_not_unreadable(string? type, OnError onError)
    {
        foreach (BodySendMode mode in (BodySendMode[])[BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed])
        {
            foreach (Play play in (Play[])[Redacting.With(onError).Both(type, default), Redacting.With(onError).Both(type, default).EndingOnEmptyChunk(), Redacting.With(onError)])
            {
                Seen seen = await play.In(mode).RunAsync();
                Assert.Equal((PlayOutcome.Passed, 200, true), (seen.Outcome, seen.Client.Status, seen.Client.EndedCleanly));
                Assert.Empty(seen.Violations);
            }
        }
    }

    /// <summary>Peers may end such a message on a frame of its own.</summary>
    [Theory]
    [InlineData("GET", 304, false)]
    [InlineData("GET", 204, false)]
    [InlineData("HEAD", 200, false)]
    [InlineData("GET", 200, true)]
    public async Task A_message_that_can_have_no_byte_is_not_unreadable_whatever_its_type(string method, int status, bool isCounted)
    {
        Play play = Redacting.With().Request(method, "/").Response(status, "", [("content-type", "image/png"), .. isCounted ? [("content-length", "0")] : Array.Empty<(string, string)>()]);
        foreach (BodySendMode mode in (BodySendMode[])[BodySendMode.Buffered, BodySendMode.FullDuplexStreamed])
        {
            Seen seen = await play.In(mode).EndingOnEmptyChunk().RunAsync();

            Assert.Equal((PlayOutcome.Passed, status), (seen.Outcome, seen.Client.Status));
            Assert.Empty(seen.Violations);
        }
    }

    [Fact]
    public async Task Bytes_that_come_all_the_same_never_go_on()
    {
        Seen seen = await Redacting.With().Request("POST", "/", Body, [("content-type", "image/png"), ("content-length", "0")]).In(BodySendMode.FullDuplexStreamed).RunAsync();

        Assert.Equal((415, ""), (seen.Client.Status, seen.Upstream.Body));
    }

    [Fact]
    public async Task A_body_of_a_known_length_is_refused_before_it_comes()
    {
        Seen seen = await Redacting.With().Both(null, Encoding.UTF8.GetBytes(Body)).WithContentLength().In(BodySendMode.FullDuplexStreamed).RunAsync();

        Assert.Equal(415, seen.Client.Status);
        Assert.DoesNotContain("reqB", seen.Transcript, StringComparison.Ordinal);
        Assert.Equal(["ReplaceProcessor: body_unreadable: the request body has no content-type"], seen.Notes);
    }

    [Theory]
    [InlineData("content-type", "text/plain; a=", "has a content-type of more than 4096 bytes")]
    [InlineData("content-encoding", "br, ", "(more than 1024 bytes)")]
    public async Task A_header_that_is_longer_than_any_that_makes_sense_is_not_read(string name, string begin, string why)
    {
        (string, string)[] headers = [("content-type", "text/plain"), (name, begin + new string('a', 5000))];
        Seen seen = await Redacting.With().Request("POST", "/", Body, headers[(name == "content-type" ? 1 : 0)..]).In(BodySendMode.FullDuplexStreamed).RunAsync();

        Assert.Equal((415, ""), (seen.Client.Status, seen.Upstream.Body));
        Assert.Contains(why, Assert.Single(seen.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_a_type_is_searched_where_that_is_said()
    {
        PlayCount count = await Redacting.With(options: options => options with { Untyped = UntypedBody.Text }).Request("POST", "/", Body).Response(200, Body)
            .ForEveryModeAndSplit(seen => Assert.Equal(("my [redacted]", "my [redacted]"), (seen.Upstream.Body, seen.Client.Body)));

        Assert.True(count.Played > 0);
    }

    [Fact]
    public async Task Where_the_headers_are_not_shown_the_type_is_not_known()
    {
        ProcessingMode modes = PlaySettings.ModesOf(BodySendMode.Buffered, BodySendMode.None) with { RequestHeaderMode = HeaderSendMode.Skip };

        Seen seen = await Redacting.With(options: options => options with { In = BodiesOf.Request }).Both("text/plain", Encoding.UTF8.GetBytes(Body)).In(modes).RunAsync();

        Assert.Equal((415, PlayOutcome.Responded), (seen.Client.Status, seen.Outcome));
        Assert.Contains("Envoy did not send the headers", Assert.Single(seen.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/x-own", "application/x-own")]
    [InlineData("application/x-own; v=1", "application/X-*")]
    [InlineData("application/octet-stream", "*/*")]
    public async Task More_types_are_searched_where_they_are_named(string type, string pattern)
    {
        Seen seen = await Redacting.With(options: options => options with { Types = [pattern] }).Both(type, Encoding.UTF8.GetBytes(Body)).RunAsync();

        Assert.Equal(("my [redacted]", "my [redacted]"), (seen.Upstream.Body, seen.Client.Body));
    }

    [Theory]
    [InlineData(206, "", 502)]
    [InlineData(226, "", 502)]
    [InlineData(200, "bytes 0-8/20", 502)]
    [InlineData(416, "bytes */20", 416)]
    [InlineData(404, "", 404)]
    public async Task A_range_of_a_larger_body_is_unreadable(int status, string range, int expected)
    {
        (string, string)[] headers = [("content-type", "text/plain"), .. range.Length > 0 ? [("content-range", range)] : Array.Empty<(string, string)>()];
        foreach (BodySendMode mode in Redacting.Modes)
        {
            Seen seen = await Redacting.With().Response(status, "ecret", headers).WithContentLength().In(mode).RunAsync();
            Assert.Equal(expected, seen.Client.Status);
        }
    }

    [Fact]
    public async Task A_range_of_a_request_is_unreadable_too()
    {
        Seen seen = await Redacting.With().Request("PUT", "/", "ecret", [("content-type", "text/plain"), ("content-range", "bytes 3-7/20")]).RunAsync();

        Assert.Equal((415, ""), (seen.Client.Status, seen.Upstream.Body));
    }

    [Fact]
    public async Task What_began_as_text_and_turns_out_wide_breaks_the_exchange_off()
    {
        Seen seen = await Redacting.With().Both("text/plain", Encoding.Unicode.GetBytes(Body)).CutAt(1, 2).RunAsync();

        Assert.Equal((PlayOutcome.Responded, 415), (seen.Outcome, seen.Client.Status));
        Assert.True(seen.Upstream.BodyBytes.Length <= 2);
    }

    [Fact]
    public async Task Where_envoy_takes_no_answers_the_stream_fails()
    {
        Seen seen = await Redacting.With().Both("image/png", Encoding.UTF8.GetBytes(Body)).Envoy(envoy => envoy with { DisableImmediateResponse = true }).RunAsync();

        Assert.Equal((PlayOutcome.Failed, Reasons.BodyUnreadable, ""), (seen.Outcome, seen.Completion.Reason, seen.Upstream.Body));
    }

    [Fact]
    public async Task In_observability_mode_nothing_is_refused_and_the_notes_tell()
    {
        Seen seen = await Redacting.With().Both("image/png", Encoding.UTF8.GetBytes(Body)).In(BodySendMode.Streamed).Observed().RunAsync();

        Assert.Equal((PlayOutcome.Passed, Body, Body), (seen.Outcome, seen.Upstream.Body, seen.Client.Body));
        Assert.Equal(2, seen.Notes.Count);
    }

    /// <summary>What Envoy takes for a gRPC call it answers with a gRPC status.</summary>
    private static int StatusOf(int status, string? requestType) => requestType is "application/grpc" ? 200 : status;
}
