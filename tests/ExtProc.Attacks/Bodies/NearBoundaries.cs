using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>A multipart body that all but contains its boundary, which is long, at every place.</summary>
internal sealed class NearBoundaries : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        string boundary = new('-', 69);
        ByteString piece = ByteString.CopyFrom("\r\n-"u8.Times(20_000));
        await Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("content-type", $"multipart/mixed; boundary=\"{boundary}\"")), Enumerable.Repeat(piece, target.Count(10, 500)));
    });
}
