using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Exchanges that stay open, with ids of hundreds of KiB, which the log keeps until they end, in no budget.</summary>
internal sealed class LongIds : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        string text = new('p', 450_000);
        byte[] headers = Requests.RequestHeaders(more: [("x-request-id", text)]).Framed();
        await target.OnManyAsync(4, async peer =>
        {
            for (int i = 0; i < target.Count(20, 150) && !peer.Gone; i++)
            {
                await peer.SendAsync(await peer.OpenAsync(), headers);
            }
        });
        await target.HoldAsync();
    }
}
