using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>A redactor that must not fail, before filters that do and do not send it what it needs: the word never passes.</summary>
public sealed class UnprocessedTests(EnvoyLab lab) : LabTests(lab)
{
    private const string Word = "secret";

    private static readonly byte[][] Pieces = ["the word is se"u8.ToArray(), "cret, and secr"u8.ToArray(), "et"u8.ToArray()];

    private static readonly string[] Failures = ["streams_failed", "server_half_closed", "spurious_msgs_received", "message_timeouts"];

    public static TheoryData<string, string> Sample => Cases.With(RedactingScenes.All.Select(scene => scene.Name));

    public static TheoryData<string, string> Asking => Cases.With(RedactingScenes.Asking.Select(scene => scene.Name));

    public static TheoryData<string, string> Deceived => Cases.With<string>(["deceived-Send", "deceived-Skip"]);

    /// <summary>An override is declared as allowed, and the filter does not allow it.</summary>
    [Theory]
    [MemberData(nameof(Deceived))]
    public Task No_request_reaches_the_upstream_on_a_wrong_word_about_overrides(string version, string scene) =>
        VisitAsync(
            version,
            Scenes.Named(scene),
            async visit =>
            {
                foreach (var (client, call) in Requests())
                {
                    var reply = await visit.SendAsync(client, UpstreamProtocol.Http1, call);

                    Assert.Equal(call.Pieces is null ? 200 : 500, reply.Answer.Status);
                    Assert.Equal(call.Pieces is null, visit.Upstream.HasSeen(reply.TestId));
                }
            },
            Failures);

    [Theory]
    [MemberData(nameof(Sample))]
    public Task The_word_passes_in_no_direction(string version, string scene) =>
        VisitAsync(
            version,
            Scenes.Named(scene),
            async visit =>
            {
                foreach (var (client, call) in Requests())
                {
                    foreach (var upstream in Enum.GetValues<UpstreamProtocol>())
                    {
                        var reply = await visit.SendAsync(client, upstream, call);

                        Assert.DoesNotContain(Word, reply.Answer.Text, StringComparison.Ordinal);
                        if (call.Pieces is not null && visit.Upstream.HasSeen(reply.TestId))
                        {
                            Assert.DoesNotContain(Word, (await reply.SeenAsync()).Text, StringComparison.Ordinal);
                        }
                    }
                }
            },
            Failures);

    /// <summary>Also from STREAMED, in which a body without content-length could not be redacted.</summary>
    [Theory]
    [MemberData(nameof(Asking))]
    public Task An_override_that_proves_itself_brings_both_bodies_and_elsewhere_nothing_passes(string version, string scene) =>
        VisitAsync(
            version,
            RedactingScenes.All.Single(one => one.Name == scene),
            async visit =>
            {
                foreach (var (client, call) in Requests())
                {
                    var reply = await visit.SendAsync(client, UpstreamProtocol.Http2, call);
                    if (!Versions.IsAtLeast(version, "1.40.0"))
                    {
                        Assert.Equal((500, false), (reply.Answer.Status, visit.Upstream.HasSeen(reply.TestId)));
                        continue;
                    }

                    Check.Ok(call.Pieces is null ? "[redacted]" : "the word is [redacted], and [redacted]", reply.Answer);
                }
            },
            Versions.IsAtLeast(version, "1.40.0") ? [] : Failures);

    private static Call Post => Call.Post("/echo", Pieces) with { Headers = new Fields { { "content-type", "text/plain" } } };

    private static IEnumerable<(ClientProtocol Client, Call Call)> Requests()
    {
        foreach (ClientProtocol client in Enum.GetValues<ClientProtocol>())
        {
            yield return (client, Call.Get("/text?say=secr,et"));
            yield return (client, Post);
            yield return (client, Post with { DeclaresLength = true });
        }

        yield return (ClientProtocol.Http2, Post with { Trailers = new Fields { { "x-end", "1" } } });
    }
}
