using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Connections;

/// <summary>Connections that say nothing and stay.</summary>
internal sealed class SilentConnections : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        for (int i = 0; i < target.Count(300, 4000); i++)
        {
            Peer peer = await target.ConnectAsync();
            await peer.WriteAsync(i % 2 == 0 ? "P"u8.ToArray() : ReadOnlyMemory<byte>.Empty);
        }

        await target.HoldAsync();
    }
}
