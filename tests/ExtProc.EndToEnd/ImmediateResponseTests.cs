using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>A processor that ends the exchange itself, in each phase.</summary>
public sealed class ImmediateResponseTests(EnvoyLab lab) : LabTests(lab)
{
    private static readonly string[] RequestPhases = ["request-headers", "request-body", "request-trailers", "response-headers"];

    public static TheoryData<string, BodyMode, string> BeforeTheResponse => Cases.With(
        from mode in Cases.Shown from phase in RequestPhases select (mode, phase));

    public static TheoryData<string, BodyMode, string> WithinTheResponse => Cases.With(
        from mode in Cases.Shown from phase in (string[])["response-body", "response-trailers"] select (mode, phase));

    [Theory]
    [MemberData(nameof(BeforeTheResponse))]
    public Task The_client_gets_the_processors_answer(string version, BodyMode mode, string phase) =>
        VisitAsync(version, Scenes.Instructed(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                var reply = await SendAsync(visit, client, upstream, phase);
                Check.Complete(418, "rejected as instructed"u8.ToArray(), reply.Answer);
                Assert.Equal(phase == "response-headers", visit.Upstream.HasSeen(reply.TestId) && (await reply.SeenAsync()).Complete);
            }
        });

    /// <summary>Once the response's headers are with the client, all that Envoy can do is break it off.</summary>
    [Theory]
    [MemberData(nameof(WithinTheResponse))]
    public Task A_response_that_has_begun_is_replaced_or_broken_off(string version, BodyMode mode, string phase) =>
        VisitAsync(version, Scenes.Instructed(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                var answer = (await SendAsync(visit, client, upstream, phase)).Answer;
                bool headersAreHeld = phase == "response-body" && mode is BodyMode.Buffered or BodyMode.BufferedPartial;
                Assert.True(
                    answer is { Status: 418, CutShort: null } || (!headersAreHeld && answer.CutShort is not null),
                    $"a rejected response came as {answer}");
            }
        });

    private static Task<Reply> SendAsync(Visit visit, ClientProtocol client, UpstreamProtocol upstream, string phase)
    {
        var call = Call.Post("/collect?trailers=1", "aaa"u8.ToArray(), "bbb"u8.ToArray()) with
        {
            Trailers = new Fields { { "x-reqt", "1" } },
            Headers = new Fields { { "x-extproc-instruct", $"{phase}=reject:418" }, { "te", "trailers" } },
        };
        return visit.SendAsync(client, upstream, call);
    }
}
