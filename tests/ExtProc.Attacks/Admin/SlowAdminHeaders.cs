using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Admin;

/// <summary>Requests to the admin port that come a byte at a time.</summary>
internal sealed class SlowAdminHeaders : Attack
{
    public override Attacker By => Attacker.AdminPeer;

    public override async Task RunAsync(Target target)
    {
        Peer[] peers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => target.ConnectAdminAsync()));
        byte[] request = "GET /live HTTP/1.1\r\nHost: a\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8.ToArray();
        foreach (byte one in request[..target.Count(20, 70)])
        {
            await Task.WhenAll(peers.Select(peer => peer.WriteAsync(new[] { one })));
            await Task.Delay(TimeSpan.FromMilliseconds(target.Count(20, 100)), TimeProvider.System, target.Over);
        }
    }
}
