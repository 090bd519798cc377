using ExtProc.Attacks.Running;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>Frames of a type that nobody knows, as large as frames may be: they are to be ignored, and cost no window.</summary>
internal sealed class UnknownFrames : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        byte[] frame = Frame(0xFA, 0, 0, new byte[LargestFrame]);
        for (int i = 0; i < target.Count(200, 10_000) && !peer.Gone; i++)
        {
            await peer.WriteAsync(frame);
        }
    });
}
