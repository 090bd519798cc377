using System.Text;
using ExtProc.Pipeline;
using ExtProc.Testing;
using ExtProc.Tests.Processors;

namespace ExtProc.Tests.Pipeline;

/// <summary>A rule for messages cannot be passed by under another content-type, or under none.</summary>
public sealed class MessageNeedTests
{
    private const string Events = "data: 1\n\ndata: 2\n\n";

    public static TheoryData<string?> OtherTypes => [null, "text/plain", "application/json", "application/octet-stream", "text/event-streams", "application/grpc-web-text"];

    [Theory]
    [MemberData(nameof(OtherTypes))]
    public async Task A_body_that_is_not_made_of_messages_is_refused(string? type)
    {
        (Seen seen, List<string> shown) = await PlayAsync(BodyNeed.Messages(100), type, OnError.Fail);

        Assert.Equal((502, Reasons.BodyUnreadable, ""), (seen.Client.Status, seen.Details, string.Concat(shown)));
    }

    [Theory]
    [MemberData(nameof(OtherTypes))]
    public async Task Skipped_it_passes_unseen_and_noted(string? type)
    {
        (Seen seen, List<string> shown) = await PlayAsync(BodyNeed.Messages(100), type, OnError.Skip);

        Assert.Equal((Events, ""), (seen.Client.Body, string.Concat(shown)));
        Assert.Contains("body_unreadable: the response body ", Assert.Single(seen.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OtherTypes))]
    public async Task Declared_it_comes_in_chunks_that_are_no_messages(string? type)
    {
        (Seen seen, List<string> shown) = await PlayAsync(BodyNeed.Messages(100) with { Reads = BodyTypes.Any }, type, OnError.Fail);

        Assert.Equal((Events, "chunk:data: chunk:1\n\ndata: 2\n\n"), (seen.Client.Body, string.Concat(shown)));
    }

    [Fact]
    public async Task Messages_say_that_they_are_and_the_end_that_it_is_none()
    {
        (Seen seen, List<string> shown) = await PlayAsync(BodyNeed.Messages(100), "Text/Event-Stream; charset=utf-8", OnError.Fail);

        Assert.Equal((Events, "message:data: 1|message:data: 2|chunk:"), (seen.Client.Body, string.Join('|', shown)));
    }

    [Theory]
    [InlineData("application/grpc-web+proto", 0x80)]
    [InlineData("application/connect+proto", 0x02)]
    [InlineData("APPLICATION/GRPC-WEB", 0x81)]
    public async Task What_stands_for_trailers_is_no_message(string type, byte flags)
    {
        byte[] body = [.. Redacting.Enveloped("one"), .. Redacting.Enveloped("grpc-status: 0", flags)];
        List<string> shown = [];

        Seen seen = await Showing(BodyNeed.Messages(100), shown).Response(200, "", [("content-type", type)]).Body(Direction.Response, body).RunAsync();

        Assert.Equal((Redacting.Shown(body), "message:one|chunk:"), (Redacting.Shown(seen.Client.BodyBytes.Span), string.Join('|', shown)));
    }

    [Theory]
    [InlineData(OnError.Fail, false)]
    [InlineData(OnError.Skip, true)]
    public async Task A_beginning_without_an_end_is_not_passed_by(OnError onError, bool passes)
    {
        byte[] body = [.. Redacting.Enveloped("one"), 0, 0, 0, 0, 9, .. "hidden"u8];

        Seen seen = await Showing(BodyNeed.Messages(100), []).OnError(onError).Response(200, "", [("content-type", "application/grpc")]).Body(Direction.Response, body).RunAsync();

        Assert.Equal(passes, seen.Client.Body.Contains("hidden", StringComparison.Ordinal));
        Assert.Equal(passes, seen.Client.EndedCleanly && seen.Client.Status == 200);
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("text/event-stream")]
    public async Task Messages_in_another_charset_are_not_passed_by(string type)
    {
        Seen seen = await Showing(BodyNeed.Messages(100), []).Response(200, "", [("content-type", type)]).Body(Direction.Response, Encoding.Unicode.GetBytes(Events))
            .CutAt(1, 3).In(BodySendMode.FullDuplexStreamed).RunAsync();

        Assert.Equal(Reasons.BodyUnreadable, seen.Completion.Reason);
        Assert.True(seen.Client.BodyBytes.Length < 4 || seen.Client.Status == 502);
    }

    [Fact]
    public async Task What_passes_unseen_because_it_is_too_large_is_noted()
    {
        foreach (BodyNeed need in (BodyNeed[])[BodyNeed.Messages(5) with { OverLimit = OverLimit.Skip }, BodyNeed.Whole(5) with { OverLimit = OverLimit.Skip }])
        {
            (Seen seen, List<string> shown) = await PlayAsync(need, "text/event-stream", OnError.Fail);

            Assert.Equal((Events, ""), (seen.Client.Body, string.Concat(shown)));
            Assert.Equal(["Scripted: body_over_limit: bytes of the body passed unseen"], seen.Notes);
        }
    }

    private static async Task<(Seen Seen, List<string> Shown)> PlayAsync(BodyNeed need, string? type, OnError onError)
    {
        List<string> shown = [];
        (string, string)[] headers = type is null ? [] : [("content-type", type)];
        Seen seen = await Showing(need, shown).OnError(onError).Response(200, Events, headers).CutAt(6).RunAsync();
        Assert.Empty(seen.Violations);
        return (seen, shown);
    }

    private static Play Showing(BodyNeed need, List<string> shown) => Play.Through(() => new Scripted
    {
        Needs = needs => needs.ResponseBody = need,
        ResponseBody = (_, body, _) =>
        {
            shown.Add($"{(body.IsMessage ? "message" : "chunk")}:{Encoding.UTF8.GetString(body.Span)}");
            return Verdict.Continue;
        },
    });
}
