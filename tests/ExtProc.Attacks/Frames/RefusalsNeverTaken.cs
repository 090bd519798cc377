using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Frames;

/// <summary>Requests that are no calls, and are told so in a sentence that has no room.</summary>
internal sealed class RefusalsNeverTaken : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        (string, string)[] request = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a.test")];
        await Task.WhenAll(Enumerable.Range(0, target.Count(2, 12)).Select(async _ =>
        {
            Peer peer = await target.PeerAsync(receiveWindowBytes: 0);
            for (int i = 0; i < target.Count(600, 3900) && !peer.Gone; i++)
            {
                await peer.SendAsync(await peer.RequestAsync(request), ReadOnlyMemory<byte>.Empty, endStream: true);
            }
        }));
        await target.HoldAsync();
    }
}
