namespace ExtProc.Abilities.Catalogue;

/// <summary>Answers from the processor.</summary>
internal static class ResponseAbilities
{
    private static readonly Story Plain = new() { Request = Story.Text("aaa", "bbb"), Response = Story.Text("ccc", "ddd") };

    public static IEnumerable<Ability> All =>
    [
        new("a_request_is_answered") { Does = new() { RequestHeaders = (_, _) => Refuse() }, Story = Plain },
        new("a_request_is_answered_after_its_body_was_seen")
        {
            Modes = [BodySendMode.FullDuplexStreamed, BodySendMode.Buffered],
            Does = new() { Needs = needs => needs.RequestBody = BodyNeed.Whole(1000), RequestBody = (_, _, _) => Refuse() },
            Story = Plain,
        },
        new("a_response_is_replaced") { Does = new() { ResponseHeaders = (_, _) => Refuse() }, Story = Plain },
        new("a_grpc_request_is_answered_with_a_grpc_status")
        {
            Modes = [BodySendMode.FullDuplexStreamed],
            Does = new() { RequestHeaders = (_, _) => Verdict.Respond(403, "not you") },
            Story = Plain with { RequestHeaders = [("content-type", "application/grpc"), ("te", "trailers")] },
        },
        new("an_answer_after_the_response_has_gone_breaks_it_off")
        {
            Modes = [BodySendMode.FullDuplexStreamed],
            Does = new() { ResponseBody = RefuseLateAsync },
            Story = Plain,
        },
        new("an_answer_is_streamed")
        {
            Modes = [BodySendMode.None],
            Since = "1.37.0",
            Envoy = new() { Version = new(1, 37) },
            Does = new() { RequestHeaders = (_, _) => Streamed() },
            Story = new() { Method = "GET" },
        },
        new("an_answer_is_gathered_where_it_cannot_be_streamed")
        {
            Does = new() { RequestHeaders = (_, _) => Streamed() },
            Story = Plain,
        },
        new("a_body_over_its_limit_is_refused")
        {
            Modes = [BodySendMode.FullDuplexStreamed, BodySendMode.Buffered],
            Does = new() { Needs = needs => needs.RequestBody = BodyNeed.Whole(4), RequestBody = (_, _, _) => Verdict.Continue },
            Story = Plain,
        },
    ];

    /// <summary>When the client has the first byte: Envoy takes an answer for as long as it has sent nothing.</summary>
    private static async ValueTask<Verdict> RefuseLateAsync(Exchange exchange, Body body, CancellationToken cancellation)
    {
        body.Pass(1);
        await body.FlushAsync(cancellation).ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellation).ConfigureAwait(false);
        return await Refuse().ConfigureAwait(false);
    }

    private static ValueTask<Verdict> Refuse() => Verdict.Respond(new LocalResponse(403)
    {
        Text = "not you", Headers = { { "x-why", "1" }, { "set-cookie", "a=1" }, { "set-cookie", "b=2" } }, Details = "not_you",
    });

    private static ValueTask<Verdict> Streamed() => Verdict.Respond(new LocalResponse(200)
    {
        Headers = { ["x-own"] = "1", ["content-type"] = "text/plain" },
        WriteBody = async (body, cancellation) =>
        {
            for (int piece = 0; piece < 3; piece++)
            {
                await body.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"piece {piece};"), cancellation).ConfigureAwait(false);
            }
        },
    });
}
