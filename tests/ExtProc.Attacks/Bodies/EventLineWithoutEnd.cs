using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>An event stream whose one line never ends.</summary>
internal sealed class EventLineWithoutEnd : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        ByteString piece = ByteString.CopyFrom("data"u8.Times(15000));
        await Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("content-type", "text/event-stream")), Enumerable.Repeat(piece, target.Count(20, 800)));
    });
}
