using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Held;

/// <summary>Bodies that a handler sends on in pieces of one byte: a reply for each.</summary>
internal sealed class RepliesInPieces : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Holding;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        ByteString piece = ByteString.CopyFrom(new byte[64 << 10]);
        await Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("x-extproc-instruct", "request-body=split:1")), Enumerable.Repeat(piece, target.Count(2, 40)));
    });
}
