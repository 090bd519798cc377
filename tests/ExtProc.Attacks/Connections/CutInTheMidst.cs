using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Connections;

/// <summary>Connections that are gone in the midst of uploads.</summary>
internal sealed class CutInTheMidst : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        for (int i = 0; i < target.Count(20, 400); i++)
        {
            Peer peer = await target.PeerAsync();
            int stream = await peer.OpenAsync();
            await peer.SendAsync(stream, (byte[])[.. Requests.RequestHeaders().Framed(), .. Requests.Claim(1 << 20), .. new byte[100_000]]);
            await peer.DisposeAsync();
        }
    }
}
