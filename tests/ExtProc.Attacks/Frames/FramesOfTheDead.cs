using ExtProc.Attacks.Running;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>DATA for a stream that is over.</summary>
internal sealed class FramesOfTheDead : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        int stream = await peer.OpenAsync("/none");
        await peer.EndedAsync(stream);
        byte[] frame = Frame(DataFrame, 0, stream, new byte[1000]);
        for (int i = 0; i < target.Count(500, 10_000) && !peer.Gone; i++)
        {
            await peer.WriteAsync(frame);
        }
    });
}
