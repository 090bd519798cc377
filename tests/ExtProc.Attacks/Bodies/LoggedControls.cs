using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>Paths and header values with control characters and 50,000 letters, in exchanges that fail: what is logged of them must be short.</summary>
internal sealed class LoggedControls : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        string ugly = string.Concat(Enumerable.Repeat("\u001b[2J\r\n\u0007\u009b", 5_000));
        (string, string)[] headers = [("content-type", ugly), ("content-encoding", ugly), (":path", ugly), ("x-request-id", ugly)];
        for (int i = 0; i < target.Count(10, 300) && !peer.Gone; i++)
        {
            await Uploads.SendAsync(peer, Requests.RequestHeaders(more: headers), [ByteString.CopyFromUtf8("a")]);
        }
    });
}
