using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>Frames that claim 16 MiB, on a connection after another.</summary>
internal sealed class FramesTooLarge : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        for (int i = 0; i < target.Count(20, 500); i++)
        {
            Peer peer = await target.PeerAsync();
            await peer.WriteAsync((byte[])[0xFF, 0xFF, 0xFF, DataFrame, 0, 0, 0, 0, 1, .. new byte[20_000]]);
        }
    }
}
