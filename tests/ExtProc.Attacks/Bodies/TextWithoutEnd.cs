using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>Text without end in which a word all but stands at every place.</summary>
internal sealed class TextWithoutEnd : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        ByteString piece = ByteString.CopyFrom("secre"u8.Times(12000));
        await Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("content-type", "text/plain")), Enumerable.Repeat(piece, target.Count(20, 800)));
    });
}
