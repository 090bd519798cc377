using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>Bodies of gRPC whose messages claim 4 GiB.</summary>
internal sealed class GrpcBodiesThatClaim : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        ByteString claim = ByteString.CopyFrom(Requests.Claim(uint.MaxValue)), piece = ByteString.CopyFrom(new byte[60_000]);
        for (int i = 0; i < target.Count(5, 100) && !peer.Gone; i++)
        {
            await Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("content-type", "application/grpc")), [claim, .. Enumerable.Repeat(piece, 10)]);
        }
    });
}
