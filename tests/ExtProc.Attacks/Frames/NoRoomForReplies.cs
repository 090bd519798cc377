using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Frames;

/// <summary>Uploads in full duplex whose replies have no room at all: they pile up unless someone stops reading.</summary>
internal sealed class NoRoomForReplies : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        Peer peer = await target.PeerAsync(receiveWindowBytes: 0);
        await Task.WhenAll(Enumerable.Range(0, target.Count(20, 200)).Select(_ => Uploads.EchoedAsync(peer, 4 << 20)));
        await target.HoldAsync();
    }
}
