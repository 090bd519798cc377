using ExtProc.Attacks.Running;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>DATA frames that hold padding alone.</summary>
internal sealed class PaddingOnly : Attack
{
    private const byte PaddedFlag = 8;

    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        int stream = await peer.OpenAsync();
        byte[] frame = Frame(DataFrame, PaddedFlag, stream, [255, .. new byte[255]]);
        for (int i = 0; i < target.Count(500, 20_000) && !peer.Gone && !peer.IsOver(stream); i++)
        {
            await peer.WriteAsync(frame);
        }
    });
}
