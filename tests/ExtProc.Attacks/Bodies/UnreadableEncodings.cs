using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>A content-encoding that is long and no text; said in a status it fills more than Envoy takes of one.</summary>
internal sealed class UnreadableEncodings : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        (string, string)[] headers = [("content-type", "text/plain"), ("content-encoding", new string('\u00e9', 30_000))];
        for (int i = 0; i < target.Count(20, 500) && !peer.Gone; i++)
        {
            await Uploads.SendAsync(peer, Requests.RequestHeaders(more: headers), [ByteString.CopyFromUtf8("a")]);
        }
    });
}
