using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Connections;

/// <summary>More connections than files, each with a call.</summary>
internal sealed class FilesRunOutWithCalls : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Config Config => Configs.FewFiles;

    public override async Task RunAsync(Target target)
    {
        byte[] call = [.. Peer.Preface, .. Frame(SettingsFrame, 0, 0, []), .. HeaderFrames(1, RawHpack.Encode(Peer.Call()), endStream: false)];
        for (int i = 0; i < target.Count(350, 1000); i++)
        {
            await (await target.ConnectAsync()).WriteAsync(call);
        }

        await target.HoldAsync();
    }
}
