using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Bodies;

/// <summary>Responses of an upstream that say gzip and then say nothing.</summary>
internal sealed class IdleCompressedResponses : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Replacing;

    public override async Task RunAsync(Target target)
    {
        await target.OnManyAsync(10, async peer =>
        {
            byte[] headers =
            [
                .. Requests.RequestHeaders(endOfStream: true).Framed(),
                .. Requests.ResponseHeaders(more: [("content-type", "text/plain"), ("content-encoding", "br")]).Framed(),
            ];
            for (int i = 0; i < target.Count(50, 300) && !peer.Gone; i++)
            {
                await peer.SendAsync(await peer.OpenAsync(), headers);
            }
        });
        await target.HoldAsync();
    }
}
