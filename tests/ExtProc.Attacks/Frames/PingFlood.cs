using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Runnings;

/// <summary>Asks for answers to PING and never stops.</summary>
internal sealed class PingFlood : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        byte[] pings = ((ReadOnlySpan<byte>)Frame(PingFrame, 0, 0, new byte[8])).Times(1000);
        for (int round = 0; round < target.Count(20, 1000) && !peer.Gone; round++)
        {
            await peer.WriteAsync(pings);
        }
    });
}
