using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>The same with one byte of the body.</summary>
internal sealed class BarelyBegunUploads : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override async Task RunAsync(Target target)
    {
        string[] codings = ["gzip", "br", "deflate"];
        byte[] text = new byte[2000];
        new Random(1).NextBytes(text);
        await target.OnManyAsync(9, async peer =>
        {
            for (int i = 0; i < target.Count(50, 300) && !peer.Gone; i++)
            {
                byte[] body = Coded.As(codings[i % 3], text)[..12];
                await Uploads.SendAsync(peer, Requests.RequestHeaders(more: [("content-type", "text/plain"), ("content-encoding", codings[i % 3])]), [ByteString.CopyFrom(body)]);
            }
        });
        await target.HoldAsync();
    }
}
