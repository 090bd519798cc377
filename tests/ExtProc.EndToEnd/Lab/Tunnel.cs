using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Lab;

/// <summary>Requests after which bytes go both ways, and an upstream that sends them back.</summary>
internal static class Tunnel
{
    /// <summary>What a client of this protocol sees when its upgrade is accepted.</summary>
    public static int AcceptedStatus(ClientProtocol client) => client == ClientProtocol.Http1 ? 101 : 200;

    public static RequestHead WebSocket(ClientProtocol client, UpstreamProtocol upstream)
    {
        var headers = new Fields { { "x-test-id", Visit.NextTestId() }, { "sec-websocket-version", "13" } };
        var handshake = client == ClientProtocol.Http1 ? headers.With(new Fields { { "sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==" } }) : headers;
        return new RequestHead("GET", Topology.AuthorityOf(upstream), "/tunnel", handshake, null, HasBody: true) { Upgrade = "websocket" };
    }

    public static RequestHead Connect(UpstreamProtocol upstream) =>
        new("CONNECT", Topology.AuthorityOf(upstream) + ":80", "", new Fields { { "x-test-id", Visit.NextTestId() } }, null, HasBody: true);

    /// <summary>Sends bytes and waits until as many have come back, which must be the same.</summary>
    public static async Task EchoAsync(ClientExchange exchange, byte[] bytes, CancellationToken cancel)
    {
        await exchange.WriteAsync(bytes, cancel);
        var back = new List<byte>();
        while (back.Count < bytes.Length)
        {
            back.AddRange(await exchange.ReadAsync(cancel) ?? throw new InvalidDataException($"the tunnel ended after {back.Count} of {bytes.Length} bytes"));
        }

        Check.Same(bytes, [.. back]);
    }
}
