using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.ThroughEnvoy;

/// <summary>Uploads over HTTP/1.1 that come a byte at a time, many at once.</summary>
internal sealed class SlowUploads : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.BehindEnvoy;

    public override async Task RunAsync(Target target)
    {
        Peer[] peers = await Task.WhenAll(Enumerable.Range(0, target.Count(50, 300)).Select(_ => target.ConnectAsync()));
        await Task.WhenAll(peers.Select(peer => peer.WriteAsync("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray())));
        for (int i = 0; i < target.Count(10, 80); i++)
        {
            await Task.WhenAll(peers.Select(peer => peer.WriteAsync("1\r\ns\r\n"u8.ToArray())));
        }

        await target.HoldAsync();
    }
}
