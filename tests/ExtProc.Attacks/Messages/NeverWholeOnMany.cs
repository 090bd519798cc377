using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>The same from many connections, each of which holds little.</summary>
internal sealed class NeverWholeOnMany : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        byte[] beginning = [.. Requests.Claim(30 << 20), .. new byte[500_000]];
        await target.OnManyAsync(target.Count(220, 300), async peer => await peer.SendAsync(await peer.OpenAsync(), beginning));
        await target.HoldAsync();
    }
}
