using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;

namespace ExtProc.EndToEnd;

/// <summary>
/// Envoy answers itself. From 1.37 on it shows such a response to the server, and where a filter above has refused the request,
/// the response's headers are the first message of the stream.
/// </summary>
public sealed class LocalReplyTests(EnvoyLab lab) : LabTests(lab)
{
    public static TheoryData<string, BodyMode> Modes => Cases.With(Scenes.BodyModes);

    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_response_may_come_without_a_request(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Named($"denied-{mode}"), async visit =>
        {
            var before = await visit.Envoy.CountersAsync($"denied-{mode}", visit.Cancel);
            foreach (var client in Enum.GetValues<ClientProtocol>())
            {
                var reply = await visit.SendAsync(client, UpstreamProtocol.Http1, Call.Get("/bytes?n=1"));
                Check.Complete(403, "RBAC: access denied"u8.ToArray(), reply.Answer);
            }

            var after = await visit.Envoy.CountersAsync($"denied-{mode}", visit.Cancel);
            Assert.Equal(Versions.IsAtLeast(version, "1.37"), after["streams_started"] > before["streams_started"]);
        });
}
