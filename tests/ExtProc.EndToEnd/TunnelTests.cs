using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;

namespace ExtProc.EndToEnd;

/// <summary>
/// WebSocket and CONNECT. Modes that wait for the end of a body wait for ever here, on every Envoy; Envoy 1.39 waits for the first
/// body answer before it sends headers on, so there only what needs no body is possible.
/// </summary>
public sealed class TunnelTests(EnvoyLab lab) : LabTests(lab)
{
    public static TheoryData<string, BodyMode> WhereItIsPossible
    {
        get
        {
            var data = new TheoryData<string, BodyMode>();
            foreach (var (version, mode) in from version in Versions.Tested from mode in Cases.Flowing select (version, mode))
            {
                if (mode == BodyMode.None || !Versions.IsBetween(version, "1.39", "1.39"))
                {
                    data.Add(version, mode);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WhereItIsPossible))]
    public Task A_websocket_carries_bytes_both_ways(string version, BodyMode mode) => VisitAsync(version, Scenes.PassThrough(mode), async visit =>
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            await PingPongAsync(visit, client, Tunnel.WebSocket(client, upstream), Tunnel.AcceptedStatus(client));
        }
    });

    [Theory]
    [MemberData(nameof(WhereItIsPossible))]
    public Task A_connect_carries_bytes_both_ways(string version, BodyMode mode) => VisitAsync(version, Scenes.PassThrough(mode), async visit =>
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            await PingPongAsync(visit, client, Tunnel.Connect(upstream), expectedStatus: 200);
        }
    });

    private static async Task PingPongAsync(Visit visit, ClientProtocol client, RequestHead head, int expectedStatus)
    {
        visit.Note($"{client} {head.Method} {head.Authority}");
        var exchange = await visit.OpenAsync(client);
        await exchange.SendHeadAsync(head, visit.Cancel);
        Assert.Equal(expectedStatus, (await exchange.ReadHeadAsync(visit.Cancel)).Status);
        for (int turn = 0; turn < 5; turn++)
        {
            await Tunnel.EchoAsync(exchange, System.Text.Encoding.UTF8.GetBytes($"ping {turn}"), visit.Cancel);
        }

        await exchange.DisposeAsync();
    }
}
