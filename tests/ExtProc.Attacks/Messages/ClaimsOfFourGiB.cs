using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Messages that claim 4 GiB in their first five bytes.</summary>
internal sealed class ClaimsOfFourGiB : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        for (int i = 0; i < target.Count(50, 2000) && !peer.Gone; i++)
        {
            int stream = await peer.OpenAsync();
            await peer.SendAsync(stream, Requests.Claim(uint.MaxValue, compressed: i % 2 == 0));
        }
    });
}
