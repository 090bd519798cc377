using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>A part of a multipart body whose headers never end.</summary>
internal sealed class PartHeadersWithoutEnd : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        ByteString begin = ByteString.CopyFromUtf8("--b\r\n"), piece = ByteString.CopyFrom("x-header: value\r\n"u8.Times(3_000));
        await Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("content-type", "multipart/form-data; boundary=b")), [begin, .. Enumerable.Repeat(piece, target.Count(20, 800))]);
    });
}
