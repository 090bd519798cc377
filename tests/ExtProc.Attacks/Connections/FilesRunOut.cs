using ExtProc.Attacks.Running;

namespace ExtProc.Attacks.Connections;

/// <summary>More connections than the process may have open files: a server that does not know its limit ends, or accepts nobody any more.</summary>
internal sealed class FilesRunOut : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Config Config => Configs.FewFiles;

    public override async Task RunAsync(Target target)
    {
        for (int i = 0; i < target.Count(350, 1000); i++)
        {
            await target.ConnectAsync();
        }

        await target.HoldAsync();
    }
}
