using ExtProc.Attacks.Running;

namespace ExtProc.Attacks.Connections;

/// <summary>Connections that begin HTTP/2 in order and never call.</summary>
internal sealed class ConnectionsWithoutCalls : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        for (int i = 0; i < target.Count(200, 3000); i++)
        {
            await (await target.ConnectAsync()).BeginAsync(reads: false);
        }

        await target.HoldAsync();
    }
}
