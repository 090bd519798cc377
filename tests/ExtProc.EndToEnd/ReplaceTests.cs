using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>A text that is replaced in both bodies; the length changes, chunk borders mean nothing.</summary>
public sealed class ReplaceTests(EnvoyLab lab) : LabTests(lab)
{
    private static readonly Fields Text = new() { { "content-type", "text/plain" } };

    /// <summary>Modes in which bytes may be held back whatever the body's framing.</summary>
    private static readonly BodyMode[] AnyFraming = [BodyMode.Buffered, BodyMode.BufferedPartial, BodyMode.FullDuplexStreamed];

    public static TheoryData<string, BodyMode> Modes => Cases.With(AnyFraming);

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_body_shrinks_in_both_directions(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Shrinking(mode), visit => EchoAsync(visit, ["it is confi", "dential, and con", "fidential", " it stays con"], "it is *, and * it stays con"));

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_body_grows_in_both_directions(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Growing(mode), visit =>
            EchoAsync(visit, ["a se", "cret and a secr", "et; sec"], "a [this was removed] and a [this was removed]; sec"));

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task In_streamed_mode_a_body_with_content_length_is_searched_across_borders(string version) =>
        VisitAsync(version, Scenes.Growing(BodyMode.Streamed), async visit =>
        {
            var call = Call.Post("/collect", "a se"u8.ToArray(), "cret."u8.ToArray()) with { Headers = Text, DeclaresLength = true };
            var reply = await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http1, call);
            Check.Ok("upstream-body", reply.Answer);
            Assert.Equal("a [this was removed].", (await reply.SeenAsync()).Text);
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_response_is_searched_although_the_request_had_no_body(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Growing(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                var reply = await visit.SendAsync(client, upstream, Call.Get("/text?say=se,cre,t,-,sec,ret"));
                Check.Ok("[this was removed]-[this was removed]", reply.Answer);
            }
        });

    /// <summary>Large enough for many messages either way, and several times as large afterwards.</summary>
    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task A_large_body_grows_while_it_streams(string version) =>
        VisitAsync(version, Scenes.Growing(BodyMode.FullDuplexStreamed), async visit =>
        {
            string text = string.Concat(Enumerable.Repeat("it is secret, ", 100_000));
            byte[] body = System.Text.Encoding.UTF8.GetBytes(text);
            foreach (var (client, upstream) in Cases.Protocols)
            {
                var reply = await visit.SendAsync(client, upstream, Call.Post("/echo", Pattern.Split(body, 50, seed: 6)) with { Headers = Text });
                Check.Ok(text.Replace("secret", "[this was removed]"), reply.Answer);
            }
        });

    /// <summary>Envoy shows the first part of what does not fit into its buffer; the rest would pass as it is.</summary>
    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task A_body_of_which_only_a_part_is_shown_is_refused(string version) =>
        VisitAsync(
            version,
            Scenes.Growing(BodyMode.BufferedPartial),
            async visit =>
            {
                var reply = await visit.SendAsync(ClientProtocol.Http1, UpstreamProtocol.Http1, Call.Post("/collect", Pattern.Split(LargeBody(), 40, seed: 5)) with { Headers = Text });
                Assert.Equal(500, reply.Answer.Status);
                Assert.False(visit.Upstream.HasSeen(reply.TestId));
            },
            "streams_failed",
            "server_half_closed");

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task Of_a_partial_body_what_is_shown_is_searched_where_the_rest_may_pass(string version) =>
        VisitAsync(version, Scenes.Named("partial-passes"), async visit =>
        {
            var reply = await visit.SendAsync(ClientProtocol.Http1, UpstreamProtocol.Http1, Call.Post("/collect", Pattern.Split(LargeBody(), 40, seed: 5)) with { Headers = Text });
            Check.Ok("upstream-body", reply.Answer);
            Check.Same(LargeBody("[this was removed]"), (await reply.SeenAsync()).Body);
        });

    /// <summary>Passing it on unsearched could let through what was to be taken out.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_body_in_an_encoding_that_cannot_be_undone_never_reaches_the_upstream(string version, BodyMode mode) =>
        VisitAsync(
            version,
            Scenes.Growing(mode),
            async visit =>
            {
                var call = Call.Post("/collect", "secret"u8.ToArray()) with { Headers = Text.With(new Fields { { "content-encoding", "x-own" } }) };
                var reply = await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http1, call);
                Assert.Equal((415, false), (reply.Answer.Status, visit.Upstream.HasSeen(reply.TestId)));
            });

    /// <summary>Envoy sends no body here until the server asks for it with the headers' answer.</summary>
    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task A_server_that_is_allowed_to_asks_for_the_bodies_it_needs(string version) =>
        VisitAsync(version, Scenes.Named("override"), visit => EchoAsync(visit, ["a se", "cret"], "a [this was removed]"));

    private static byte[] LargeBody(string first = "secret") => System.Text.Encoding.UTF8.GetBytes($"{first}{new string('x', 12 * 1024 * 1024)}secret");

    private static async Task EchoAsync(Visit visit, string[] pieces, string expected)
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            foreach (bool declaresLength in (bool[])[true, false])
            {
                var call = Call.Post("/echo?length=keep", [.. pieces.Select(System.Text.Encoding.UTF8.GetBytes)]) with { Headers = Text, DeclaresLength = declaresLength };
                var reply = await visit.SendAsync(client, upstream, call);
                Check.Ok(expected, reply.Answer);
                Assert.Equal(expected, (await reply.SeenAsync()).Text);
            }
        }
    }
}
