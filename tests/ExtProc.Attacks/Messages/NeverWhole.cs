using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>28 messages that claim 30 MiB and never become whole: they hold the budget for as long as they like.</summary>
internal sealed class NeverWhole : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        byte[] beginning = [.. Requests.Claim(30 << 20), .. new byte[4 << 20]];
        Peer peer = await target.PeerAsync();
        await Task.WhenAll(Enumerable.Range(0, 28).Select(async _ => await peer.SendAsync(await peer.OpenAsync(), beginning)));
        await target.HoldAsync();
    }
}
