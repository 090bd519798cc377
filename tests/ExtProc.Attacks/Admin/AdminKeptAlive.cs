using ExtProc.Attacks.Running;

namespace ExtProc.Attacks.Admin;

/// <summary>Connections to the admin port that ask once and stay.</summary>
internal sealed class AdminKeptAlive : Attack
{
    public override Attacker By => Attacker.AdminPeer;

    public override async Task RunAsync(Target target)
    {
        for (int i = 0; i < target.Count(100, 1000); i++)
        {
            await (await target.ConnectAdminAsync()).WriteAsync("GET /live HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        }

        await target.HoldAsync();
    }
}
