using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Runnings;

/// <summary>Opens more calls than the server allows, and says nothing on them.</summary>
internal sealed class StreamsAboveTheLimit : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        Peer peer = await target.PeerAsync();
        for (int i = 0; i < target.Count(1000, 20_000) && !peer.Gone; i++)
        {
            await peer.OpenAsync();
        }

        await target.HoldAsync();
    }
}
