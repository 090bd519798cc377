using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>Lines of JSON, the first of which never ends.</summary>
internal sealed class JsonLineWithoutEnd : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        ByteString piece = ByteString.CopyFrom("[{\"a\":"u8.Times(10000));
        await Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("content-type", "application/x-ndjson")), Enumerable.Repeat(piece, target.Count(20, 800)));
    });
}
