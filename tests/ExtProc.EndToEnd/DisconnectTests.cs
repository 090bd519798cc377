using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>Either end goes away in the middle of a body.</summary>
public sealed class DisconnectTests(EnvoyLab lab) : LabTests(lab)
{
    public static TheoryData<string, BodyMode> FlowingModes => Cases.With(Cases.Flowing);

    public static TheoryData<string, BodyMode> Modes => Cases.With(Scenes.BodyModes);

    [Theory]
    [MemberData(nameof(FlowingModes))]
    public Task When_the_client_goes_the_exchange_ends_on_every_side(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                string testId = Visit.NextTestId();
                var exchange = await visit.OpenAsync(client);
                await exchange.SendHeadAsync(Call.Post("/echo").HeadFor(Topology.AuthorityOf(upstream), testId), visit.Cancel);
                await exchange.WriteAsync("aaa"u8.ToArray(), visit.Cancel);
                await exchange.ReadHeadAsync(visit.Cancel);
                Check.Same("aaa"u8.ToArray(), await exchange.ReadAsync(visit.Cancel) ?? []);
                await exchange.AbortAsync(visit.Cancel);

                var seen = await visit.Upstream.SeenAsync(testId, visit.Cancel);
                await seen.Ended.WaitAsync(visit.Cancel);
                Assert.False(seen.Complete, "a request that was broken off reached the upstream as a whole one");
            }
        });

    /// <summary>In the modes that hold bodies the client goes while Envoy and the server wait for the rest.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public Task When_the_client_goes_before_the_response_nothing_is_left_behind(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            var before = await visit.Envoy.CountersAsync($"pass-{mode}-{mode}", visit.Cancel);
            var exchange = await visit.OpenAsync(ClientProtocol.Http2);
            await exchange.SendHeadAsync(Call.Post("/collect").HeadFor(Topology.AuthorityOf(UpstreamProtocol.Http1), Visit.NextTestId()), visit.Cancel);
            await exchange.WriteAsync(Pattern.Bytes(100_000), visit.Cancel);
            while ((await visit.Envoy.CountersAsync($"pass-{mode}-{mode}", visit.Cancel))["stream_msgs_received"] == before["stream_msgs_received"])
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, visit.Cancel);
            }

            await exchange.AbortAsync(visit.Cancel);
        });

    [Theory]
    [MemberData(nameof(FlowingModes))]
    public Task When_the_upstream_goes_the_client_is_not_told_that_the_body_is_whole(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                string testId = Visit.NextTestId();
                var exchange = await visit.OpenAsync(client);
                await exchange.SendHeadAsync(Call.Get("/broken?n=1000").HeadFor(Topology.AuthorityOf(upstream), testId), visit.Cancel);
                await exchange.ReadHeadAsync(visit.Cancel);
                await exchange.ReadAsync(visit.Cancel);
                visit.Upstream.StepsOf(testId).Allow();
                await Assert.ThrowsAsync<CutShortException>(() => ReadToEndAsync(exchange, visit));
            }
        });

    /// <summary>The response may be over while the request goes on, and the rest of the request still arrives.</summary>
    [Theory]
    [MemberData(nameof(FlowingModes))]
    public Task An_answer_before_the_end_of_the_request_does_not_cut_the_request(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.PassThrough(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                string testId = Visit.NextTestId();
                var exchange = await visit.OpenAsync(client);
                await exchange.SendHeadAsync(Call.Post("/early").HeadFor(Topology.AuthorityOf(upstream), testId), visit.Cancel);
                await exchange.WriteAsync("aaa"u8.ToArray(), visit.Cancel);
                await exchange.ReadHeadAsync(visit.Cancel);
                Check.Same("early"u8.ToArray(), await exchange.ReadAsync(visit.Cancel) ?? []);
                await exchange.WriteAsync("bbb"u8.ToArray(), visit.Cancel);
                await exchange.WriteLastAsync("ccc"u8.ToArray(), visit.Cancel);
                Assert.Null(await exchange.ReadAsync(visit.Cancel));
                Assert.Equal("aaabbbccc", (await visit.Upstream.SeenAsync(testId, visit.Cancel)).Text);
            }
        });

    private static async Task ReadToEndAsync(ClientExchange exchange, Visit visit)
    {
        while (await exchange.ReadAsync(visit.Cancel) is not null)
        {
            // Until the end, which must not come.
        }
    }
}
