using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Authoring;

public sealed class BodyTypesTests
{
    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("TEXT/Markdown", true)]
    [InlineData("application/geo+json", true)]
    [InlineData("image/svg+xml", true)]
    [InlineData("application/json", true)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("multipart/form-data", false)]
    [InlineData("application/octet-stream", false)]
    [InlineData("application/jsonx", false)]
    public void Text_is_what_reads_as_text(string type, bool isText) => Assert.Equal(isText, BodyTypes.Text.Includes(type));

    [Fact]
    public void More_types_are_read_in_the_same_way()
    {
        BodyTypes more = (BodyTypes.Text with { Untyped = true, Parts = true }).And("application/x-*");

        Assert.True(more is { Untyped: true, Parts: true, InUtf8: true, Tunnels: false });
        Assert.True(more.Includes("application/x-own") && more.Includes("text/plain") && !more.Includes("image/x-own"));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("text/")]
    [InlineData("a/b/c")]
    [InlineData("te?t/plain ")]
    public void What_is_no_media_type_is_refused_with_what_would_do(string pattern) =>
        Assert.Contains("text/*", Assert.Throws<ArgumentException>(() => BodyTypes.Of(pattern)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_processor_that_changes_nothing_reads_ranges_too()
    {
        Play play = Play.Through(() => new Scripted
        {
            Needs = needs => (needs.ReadOnly, needs.ResponseBody) = (true, BodyNeed.Stream() with { Reads = BodyTypes.Text }),
            ResponseBody = (exchange, body, _) =>
            {
                exchange.Note($"{body.MediaType}: {body.Length}");
                return Verdict.Continue;
            },
        });

        Seen seen = await play.Response(206, "part", [("content-type", "text/plain")]).In(BodySendMode.Buffered).RunAsync();

        Assert.Equal((206, "text/plain: 4"), (seen.Client.Status, Assert.Single(seen.Notes)));
    }

    [Fact]
    public async Task A_processor_may_say_itself_that_it_cannot_read()
    {
        Play play = Play.Through(() => new Scripted { RequestBody = (_, _, _) => throw new ExchangeRefusedException(Reasons.BodyUnreadable, "no picture in it") });

        Seen seen = await play.Request("POST", "/", "body").RunAsync();

        Assert.Equal((415, "body_unreadable: processor \"Scripted\"", Reasons.BodyUnreadable), (seen.Client.Status, seen.Client.Body, seen.Details));
    }
}
