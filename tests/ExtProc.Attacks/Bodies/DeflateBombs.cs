using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>Bodies of 16 MiB that are nearly nothing in deflate.</summary>
internal sealed class DeflateBombs : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override Task RunAsync(Target target)
    {
        byte[] bomb = Coded.As("deflate", new byte[16 << 20]);
        return target.OnManyAsync(4, async peer =>
        {
            await Task.WhenAll(Enumerable.Range(0, target.Count(5, 30)).Select(_ =>
                Uploads.SendAsync(peer, Requests.RequestHeaders(more: [("content-type", "text/plain"), ("content-encoding", "deflate")]), [ByteString.CopyFrom(bomb)])));
        });
    }
}
