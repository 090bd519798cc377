using ExtProc.Attacks.Running;

namespace ExtProc.Attacks.Messages;

/// <summary>Calls of methods that do not exist, with long names.</summary>
internal sealed class UnknownMethods : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        for (int i = 0; i < target.Count(50, 2000) && !peer.Gone; i++)
        {
            await peer.OpenAsync("/" + new string('x', 4000) + "/" + i);
        }
    });
}
