using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>Bodies of messages that claim more than comes, of gRPC with JSON and of Connect, piece by piece on many streams in turn.</summary>
internal sealed class MessagesHeldInBodies : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override async Task RunAsync(Target target)
    {
        string[] types = ["application/grpc+json", "application/connect+json"];
        ByteString begin = ByteString.CopyFrom([.. Requests.Claim(1 << 20), .. new byte[60_000]]), piece = ByteString.CopyFrom(new byte[60_000]);
        await target.OnManyAsync(6, async peer =>
        {
            List<int> streams = [];
            for (int i = 0; i < target.Count(5, 60) && !peer.Gone; i++)
            {
                streams.Add(await Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("content-type", types[i % 2])), [begin]));
            }

            byte[] next = Requests.RequestBody(piece).Framed();
            for (int i = 0; i < target.Count(4, 30) && !peer.Gone; i++)
            {
                foreach (int stream in streams.Where(stream => !peer.IsOver(stream)))
                {
                    await peer.SendAsync(stream, next);
                }
            }
        });
        await target.HoldAsync();
    }
}
