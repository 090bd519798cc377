namespace ExtProc.Abilities.Catalogue;

internal static class HeaderAbilities
{
    public static IEnumerable<Ability> All =>
    [
        new("headers_and_trailers_are_set_appended_and_removed")
        {
            Does = new()
            {
                RequestHeaders = (exchange, _) => Edit(exchange.RequestHeaders),
                RequestTrailers = (exchange, _) => Edit(exchange.RequestTrailers),
                ResponseHeaders = (exchange, _) => Edit(exchange.ResponseHeaders),
                ResponseTrailers = (exchange, _) => Edit(exchange.ResponseTrailers),
            },
            Story = new()
            {
                RequestHeaders = Lines, Request = Story.Text("body"), RequestTrailers = Lines,
                ResponseHeaders = Lines, Response = Story.Text("answer"), ResponseTrailers = Lines,
            },
        },
        new("repeated_lines_stay_apart")
        {
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.RequestHeaders.Set("x-seen", string.Join(" and ", exchange.RequestHeaders.Values("x-twice")));
                    return Verdict.Continue;
                },
                ResponseHeaders = (exchange, _) =>
                {
                    exchange.ResponseHeaders.Set("x-cookies", string.Join(" and ", exchange.ResponseHeaders.Values("set-cookie")));
                    exchange.ResponseHeaders.Append("set-cookie", "c=3");
                    return Verdict.Continue;
                },
            },
            Story = new() { Method = "GET", RequestHeaders = [("x-twice", "1"), ("x-twice", "2")], ResponseHeaders = [("set-cookie", "a=1"), ("set-cookie", "b=2")] },
        },
        new("headers_change_after_the_body_was_seen")
        {
            Modes = [BodySendMode.FullDuplexStreamed, BodySendMode.Buffered],
            Does = new()
            {
                Needs = needs => needs.RequestBody = needs.ResponseBody = BodyNeed.Whole(1000),
                RequestBody = (exchange, body, _) =>
                {
                    exchange.RequestHeaders.Set("x-length", $"{body.Length}");
                    return Verdict.Continue;
                },
                ResponseBody = (exchange, body, _) =>
                {
                    exchange.ResponseHeaders.Set("x-length", $"{body.Length}");
                    return Verdict.Continue;
                },
            },
            Story = new() { Request = Story.Text("aaa", "bb"), Response = Story.Text("c", "dd", "e") },
        },
        new("request_headers_are_seen_in_the_response")
        {
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.RequestHeaders.Set("x-changed", "yes");
                    exchange.Set("from the request");
                    return Verdict.Continue;
                },
                ResponseHeaders = (exchange, _) =>
                {
                    exchange.ResponseHeaders.Set("x-request", $"{exchange.Method} {exchange.Path} {exchange.RequestHeaders["x-own"]} {exchange.RequestHeaders["x-changed"]}");
                    exchange.ResponseHeaders.Set("x-passed-on", exchange.Get<string>()!);
                    return Verdict.Continue;
                },
            },
            Story = new() { Method = "GET", Path = "/story?a=b", RequestHeaders = [("x-own", "1")], Response = Story.Text("answer") },
        },
        new("a_header_after_they_have_gone_is_refused")
        {
            Modes = [BodySendMode.Streamed],
            OnError = Pipeline.OnError.Respond,
            Does = new()
            {
                RequestBody = (exchange, _, _) =>
                {
                    exchange.RequestHeaders.Set("x-late", "1");
                    return Verdict.Continue;
                },
            },
            Story = new() { Request = Story.Text("body"), Response = Story.Text("answer") },
        },
        new("trailers_that_did_not_come_are_refused")
        {
            OnError = Pipeline.OnError.Skip,
            Does = new()
            {
                ResponseHeaders = (exchange, _) =>
                {
                    exchange.ResponseTrailers.Set("x-invented", "1");
                    return Verdict.Continue;
                },
            },
            Story = new() { Method = "GET", Response = Story.Text("answer") },
        },
    ];

    private static (string, string)[] Lines => [("x-kept", "1"), ("x-set", "old"), ("x-appended", "1"), ("x-removed", "1")];

    private static ValueTask<Verdict> Edit(HeaderMap headers)
    {
        headers.Set("x-set", "new");
        headers.Set("x-added", "1");
        headers.Append("x-appended", "2");
        headers.Remove("x-removed");
        return Verdict.Continue;
    }
}
