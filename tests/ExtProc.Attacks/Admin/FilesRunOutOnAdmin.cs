using ExtProc.Attacks.Running;

namespace ExtProc.Attacks.Admin;

/// <summary>The same on the port for probes.</summary>
internal sealed class FilesRunOutOnAdmin : Attack
{
    public override Attacker By => Attacker.AdminPeer;

    public override Config Config => Configs.FewFiles;

    public override async Task RunAsync(Target target)
    {
        for (int i = 0; i < target.Count(350, 1000); i++)
        {
            await target.ConnectAdminAsync();
        }

        await target.HoldAsync();
    }
}
