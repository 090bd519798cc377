using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>Headers that the <c>headers</c> processor sets, appends and removes.</summary>
public sealed class HeadersTests(EnvoyLab lab) : LabTests(lab)
{
    public static TheoryData<string, BodyMode> Modes => Cases.With(Scenes.BodyModes);

    [Theory]
    [MemberData(nameof(Modes))]
    public Task Headers_change_in_both_directions(string version, BodyMode mode) => VisitAsync(version, Scenes.Headers(mode), async visit =>
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            var call = Call.Post("/collect", "body"u8.ToArray()) with
            {
                Headers = new Fields { { "x-overwritten", "old" }, { "x-appended", "own" }, { "x-removed", "gone" } },
            };
            var reply = await visit.SendAsync(client, upstream, call);
            Check.Ok("upstream-body", reply.Answer);
            var seen = (await reply.SeenAsync()).Headers;
            Assert.Equal(("one", "new", "own,two", null), (seen["x-set"], seen["x-overwritten"], seen["x-appended"], seen["x-removed"]));
            var got = reply.Answer.Headers;
            Assert.Equal(("three", "four", null), (got["x-set"], got["x-appended"], got["content-type"]));
        }
    });
}
