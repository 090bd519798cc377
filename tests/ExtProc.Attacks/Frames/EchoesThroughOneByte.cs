using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Frames;

/// <summary>Uploads in full duplex on very many streams that each have room for one byte of what is sent back.</summary>
internal sealed class EchoesThroughOneByte : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        ByteString piece = ByteString.CopyFrom(new byte[60_000]);
        await Task.WhenAll(Enumerable.Range(0, target.Count(8, 120)).Select(async _ =>
        {
            Peer peer = await target.PeerAsync(receiveWindowBytes: 1);
            for (int i = 0; i < target.Count(5, 30) && !peer.Gone; i++)
            {
                await Uploads.SendAsync(peer, Requests.RequestHeaders(), Enumerable.Repeat(piece, 6));
            }
        }));
        await target.HoldAsync();
    }
}
