using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>Exchanges that stay open, each with one header that says how to read its body, at great length.</summary>
internal sealed class LongestTypes : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Config Config => Configs.Replacing;

    public override async Task RunAsync(Target target)
    {
        (string, string)[] headers =
        [
            ("content-type", "text/plain; charset=" + new string('q', 900_000)),
            ("content-encoding", new string('q', 900_000)),
            ("content-length", new string('1', 900_000)),
        ];
        await target.OnManyAsync(4, async peer =>
        {
            for (int i = 0; i < target.Count(9, 150) && !peer.Gone; i++)
            {
                await Uploads.SendAsync(peer, Requests.RequestHeaders(more: headers[i % headers.Length]), [ByteString.CopyFromUtf8("a")]);
            }
        });
        await target.HoldAsync();
    }
}
