using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Large messages that come a byte at a time.</summary>
internal sealed class Trickles : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        Peer peer = await target.PeerAsync();
        int[] streams = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => peer.OpenAsync()));
        await Task.WhenAll(streams.Select(stream => peer.SendAsync(stream, (byte[])[.. Requests.Claim(1 << 20), .. new byte[100_000]])));
        for (int i = 0; i < target.Count(10, 100) && !peer.Gone; i++)
        {
            await Task.WhenAll(streams.Select(stream => peer.SendAsync(stream, new byte[1])));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, target.Over);
        }
    }
}
