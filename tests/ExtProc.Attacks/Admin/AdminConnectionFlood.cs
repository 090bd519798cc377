using ExtProc.Attacks.Running;

namespace ExtProc.Attacks.Admin;

/// <summary>Connections to the admin port as fast as they can be made, with half a request each: a probe must not be closed for a newer one before it is answered.</summary>
internal sealed class AdminConnectionFlood : Attack
{
    public override Attacker By => Attacker.AdminPeer;

    public override Config Config => Configs.FewFiles;

    public override Task RunAsync(Target target) => Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
    {
        for (int i = 0; i < target.Count(100, 1500); i++)
        {
            await (await target.ConnectAdminAsync()).WriteAsync("GET /live HTTP/1.1\r\n"u8.ToArray());
        }
    }));
}
