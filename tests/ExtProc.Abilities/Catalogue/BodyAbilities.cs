using System.Text;

namespace ExtProc.Abilities.Catalogue;

internal static class BodyAbilities
{
    private static readonly Story Both = new() { Request = Story.Text("aaa ", "bbb"), Response = Story.Text("ccc ", "ddd") };

    public static IEnumerable<Ability> All =>
    [
        Treating("a_body_is_transformed", body => body.Replace(Upper(body.Span))),
        Treating("a_body_is_dropped", body => body.Drop(body.Length)),
        Treating("bytes_are_injected", body =>
        {
            if (body.Position == 0)
            {
                body.Write("<"u8);
            }

            if (body.IsLast)
            {
                body.Pass(body.Length);
                body.Write(">"u8);
            }
        }),
        new("a_body_is_replaced_whole")
        {
            Modes = [BodySendMode.FullDuplexStreamed, BodySendMode.Buffered],
            Does = new()
            {
                Needs = needs => needs.RequestBody = needs.ResponseBody = BodyNeed.Whole(1000),
                RequestBody = (_, body, _) => Replace(body, "another request"),
                ResponseBody = (_, body, _) => Replace(body, "another response"),
            },
            Story = Both with { RequestIsCounted = true, ResponseIsCounted = true, ResponseHeaders = [("etag", "\"1\""), ("x-kept", "1")] },
        },
        new("a_message_without_a_body_is_given_one")
        {
            Does = new()
            {
                RequestBody = (_, body, _) => Replace(body, "given"),
                ResponseBody = (_, body, _) => Replace(body, "given too"),
            },
            Story = new() { Method = "PUT" },
        },
        new("the_rest_is_not_seen_after_leaving")
        {
            Does = new()
            {
                RequestBody = (exchange, body, _) =>
                {
                    exchange.Note("called");
                    body.Write("first:"u8);
                    return Verdict.SkipRest;
                },
                ResponseBody = (exchange, body, _) =>
                {
                    exchange.Note("called");
                    body.Write("first:"u8);
                    return Verdict.Leave;
                },
            },
            Story = Both with { RequestTrailers = [("x-reqt", "1")], ResponseTrailers = [("x-rest", "1")] },
        },
        new("an_encoded_body_is_read_and_not_touched")
        {
            Does = new()
            {
                ResponseBody = (exchange, body, _) =>
                {
                    exchange.Note(Encoding.UTF8.GetString(body.Span));
                    return Verdict.Continue;
                },
            },
            Modes = [BodySendMode.Buffered],
            Story = Encoded("gzip"),
        },
        .. ContentCodings.All.Select(coding => new Ability($"a_body_in_{coding}_is_changed_and_made_again")
        {
            Does = new() { ResponseBody = (_, body, _) => Replace(body, Encoding.UTF8.GetString(body.Span).ToUpperInvariant()) },
            Modes = [BodySendMode.Buffered, BodySendMode.FullDuplexStreamed],
            Story = Encoded(coding),
        }),
    ];

    private static Ability Treating(string name, Action<Body> treat) => new(name)
    {
        Does = new() { RequestBody = (_, body, _) => Treat(treat, body), ResponseBody = (_, body, _) => Treat(treat, body) },
        Story = Both,
        Modes = [BodySendMode.FullDuplexStreamed, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial],
    };

    private static ValueTask<Verdict> Treat(Action<Body> treat, Body body)
    {
        treat(body);
        return Verdict.Continue;
    }

    private static ValueTask<Verdict> Replace(Body body, string text)
    {
        body.Replace(Encoding.UTF8.GetBytes(text));
        return Verdict.Continue;
    }

    private static byte[] Upper(ReadOnlySpan<byte> text)
    {
        byte[] upper = text.ToArray();
        Ascii.ToUpperInPlace(upper, out _);
        return upper;
    }

    private static Story Encoded(string coding) => new()
    {
        Method = "GET",
        ResponseHeaders = [("content-encoding", coding), ("etag", "\"1\""), ("content-digest", "sha-256=:AAAA:"), ("repr-digest", "sha-256=:BBBB:")],
        Response = [ContentCodings.Encode(coding, "plain text"u8)],
    };
}
