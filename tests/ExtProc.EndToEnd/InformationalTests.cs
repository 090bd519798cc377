using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>Responses before the response: 100 and 103.</summary>
public sealed class InformationalTests(EnvoyLab lab) : LabTests(lab)
{
    public static TheoryData<string, BodyMode, ClientProtocol> ModesAndClients =>
        Cases.With(from mode in Scenes.BodyModes from client in Enum.GetValues<ClientProtocol>() select (mode, client));

    [Theory]
    [MemberData(nameof(ModesAndClients))]
    public Task Early_hints_do_not_disturb_the_response(string version, BodyMode mode, ClientProtocol client) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            var reply = await visit.SendAsync(client, UpstreamProtocol.Http1, Call.Get("/hints"));
            Check.Ok("after hints", reply.Answer);
        });

    [Theory]
    [MemberData(nameof(ModesAndClients))]
    public Task A_client_that_waits_for_100_gets_it_from_envoy(string version, BodyMode mode, ClientProtocol client) =>
        VisitAsync(version, Scenes.PassThrough(mode), visit => WaitFor100Async(visit, client, UpstreamProtocol.Http1, "/echo", "hello"));

    /// <summary>Envoy 1.39 holds the request's headers until the first body answer, so there the client must not wait.</summary>
    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task A_client_that_waits_for_100_gets_it_from_the_upstream(string version) =>
        VisitAsync(version, Scenes.Named("continue-by-upstream"), visit =>
            WaitFor100Async(visit, ClientProtocol.Http1, UpstreamProtocol.Http2, "/collect", "upstream-body", mayWait: !Versions.IsBetween(version, "1.39", "1.39")));

    private static async Task WaitFor100Async(Visit visit, ClientProtocol client, UpstreamProtocol upstream, string path, string expected, bool mayWait = true)
    {
        var exchange = await visit.OpenAsync(client);
        var call = Call.Post(path, "hello"u8.ToArray()) with
        {
            DeclaresLength = true, Headers = new Fields { { "expect", "100-continue" } },
        };
        await exchange.SendHeadAsync(call.HeadFor(Topology.AuthorityOf(upstream), Visit.NextTestId()), visit.Cancel);
        var answer = Caller.CollectAsync(exchange, visit.Cancel);
        while (mayWait && !exchange.Informational.Any(head => head.Status == 100))
        {
            Assert.False(answer.IsCompleted, $"an answer came before the 100: {(answer.IsCompleted ? await answer : null)}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, visit.Cancel);
        }

        await exchange.WriteLastAsync("hello"u8.ToArray(), visit.Cancel);
        Check.Ok(expected, await answer);
    }
}
