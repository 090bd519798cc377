using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>Uploads in full duplex on connections from which nothing is ever read.</summary>
internal sealed class RepliesNeverRead : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        await Task.WhenAll(Enumerable.Range(0, target.Count(8, 60)).Select(async _ =>
        {
            Peer peer = await target.PeerAsync(reads: false);
            byte[] headers = Requests.RequestHeaders().Framed(), body = Requests.RequestBody(ByteString.CopyFrom(new byte[16_000])).Framed();
            for (int stream = 0; stream < 30 && !peer.Gone; stream++)
            {
                int id = await peer.OpenAsync();
                await peer.WriteAsync(Frame(DataFrame, 0, id, headers));
                for (int chunk = 0; chunk < 30 && !peer.Gone; chunk++)
                {
                    await peer.WriteAsync(Frame(DataFrame, 0, id, body));
                }
            }
        }));
        await target.HoldAsync();
    }
}
