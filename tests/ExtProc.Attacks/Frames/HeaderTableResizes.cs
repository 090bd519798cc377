using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>Blocks that do nothing but change the size of the header table.</summary>
internal sealed class HeaderTableResizes : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        byte[] resizes = ((ReadOnlySpan<byte>)[0x20, 0x3F, 0xE1, 0x1F]).Times(2000); // to 0, to 4096
        for (int i = 0; i < target.Count(20, 1000) && !peer.Gone; i++)
        {
            await peer.WriteAsync(HeaderFrames(peer.NextStream(), [.. resizes, .. RawHpack.Encode(Peer.Call())], endStream: true));
        }
    });
}
