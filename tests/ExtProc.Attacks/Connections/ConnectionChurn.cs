using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Connections;

/// <summary>Connections that come and go as fast as they can.</summary>
internal sealed class ConnectionChurn : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
    {
        for (int i = 0; i < target.Count(50, 1500); i++)
        {
            Peer peer = await target.ConnectAsync();
            await peer.WriteAsync(Peer.Preface.ToArray());
            await peer.DisposeAsync();
        }
    }));
}
