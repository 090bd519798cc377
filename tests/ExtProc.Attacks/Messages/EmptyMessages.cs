using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Messages of no bytes, five bytes each on the wire.</summary>
internal sealed class EmptyMessages : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        byte[] messages = ((ReadOnlySpan<byte>)Requests.Claim(0)).Times(200_000);
        for (int i = 0; i < target.Count(2, 50) && !peer.Gone; i++)
        {
            await peer.SendAsync(await peer.OpenAsync(), messages);
        }
    });
}
