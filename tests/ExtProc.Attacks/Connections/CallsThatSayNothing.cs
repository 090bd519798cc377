using ExtProc.Attacks.Running;

namespace ExtProc.Attacks.Connections;

/// <summary>Thousands of calls on many connections, none of which says anything.</summary>
internal sealed class CallsThatSayNothing : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        await target.OnManyAsync(10, async peer =>
        {
            for (int i = 0; i < target.Count(100, 1000) && !peer.Gone; i++)
            {
                await peer.OpenAsync();
            }
        });
        await target.HoldAsync();
    }
}
