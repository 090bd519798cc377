using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;

namespace ExtProc.EndToEnd;

/// <summary>A text that is replaced in both bodies; the length changes, chunk borders mean nothing.</summary>
public sealed class ReplaceTests(EnvoyLab lab) : LabTests(lab)
{
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
            var call = Call.Post("/collect", "a se"u8.ToArray(), "cret."u8.ToArray()) with { DeclaresLength = true };
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

    private static async Task EchoAsync(Visit visit, string[] pieces, string expected)
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            foreach (bool declaresLength in (bool[])[true, false])
            {
                var call = Call.Post("/echo?length=keep", [.. pieces.Select(System.Text.Encoding.UTF8.GetBytes)]) with { DeclaresLength = declaresLength };
                var reply = await visit.SendAsync(client, upstream, call);
                Check.Ok(expected, reply.Answer);
                Assert.Equal(expected, (await reply.SeenAsync()).Text);
            }
        }
    }
}
