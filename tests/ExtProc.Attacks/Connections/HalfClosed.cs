using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Connections;

/// <summary>Connections with calls whose peer says that no more comes, and stays.</summary>
internal sealed class HalfClosed : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        await target.OnManyAsync(target.Count(50, 1000), async peer =>
        {
            int stream = await peer.OpenAsync();
            await peer.SendAsync(stream, Requests.RequestHeaders().Framed());
            peer.HalfClose();
        });
        await target.HoldAsync();
    }
}
