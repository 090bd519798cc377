using ExtProc.Attacks.Running;

namespace ExtProc.Attacks.Admin;

/// <summary>Connections to the admin port that say nothing; at 64 a server with a limit and no time for it answers no probe any more.</summary>
internal sealed class SilentAdminConnections : Attack
{
    public override Attacker By => Attacker.AdminPeer;

    public override async Task RunAsync(Target target)
    {
        for (int i = 0; i < target.Count(100, 1000); i++)
        {
            await (await target.ConnectAdminAsync()).WriteAsync(i % 2 == 0 ? "G"u8.ToArray() : ReadOnlyMemory<byte>.Empty);
        }

        await target.HoldAsync();
    }
}
