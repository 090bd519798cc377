using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>A processor that throws or never returns: the client learns it, nothing hangs, and never does half a body look whole.</summary>
public sealed class FailingProcessorTests(EnvoyLab lab) : LabTests(lab)
{
    private static readonly string[] Phases =
        ["request-headers", "request-body", "request-trailers", "response-headers", "response-body", "response-trailers"];

    public static TheoryData<string, BodyMode, string> Everywhere =>
        Cases.With(from mode in Cases.Shown from phase in Phases select (mode, phase));

    [Theory]
    [MemberData(nameof(Everywhere))]
    public Task An_exception_fails_the_exchange(string version, BodyMode mode, string phase) =>
        VisitAsync(version, Scenes.Instructed(mode), visit => AssertFailsAsync(visit, $"{phase}=throw"), "streams_failed", "server_half_closed");

    [Theory]
    [MemberData(nameof(Everywhere))]
    public Task A_stall_fails_the_exchange_at_the_deadline(string version, BodyMode mode, string phase) =>
        VisitAsync(version, Scenes.Impatient(mode), visit => AssertFailsAsync(visit, $"{phase}=stall"), "streams_failed", "server_half_closed");

    private static async Task AssertFailsAsync(Visit visit, string instruction)
    {
        foreach (var (client, upstream) in new[] { (ClientProtocol.Http1, UpstreamProtocol.Http2), (ClientProtocol.Http2, UpstreamProtocol.Http1) })
        {
            var call = Call.Post("/echo", "aaa"u8.ToArray(), "bbb"u8.ToArray()) with
            {
                Trailers = new Fields { { "x-reqt", "1" } },
                Headers = new Fields { { "x-extproc-instruct", instruction }, { "te", "trailers" } },
            };
            var answer = (await visit.SendAsync(client, upstream, call)).Answer;
            Assert.True(answer.Status >= 500 || answer.CutShort is not null, $"a failed exchange came as {answer}");
        }

        var next = await visit.SendAsync(ClientProtocol.Http1, UpstreamProtocol.Http1, Call.Post("/echo", "next"u8.ToArray()));
        Check.Ok("next", next.Answer);
    }
}
