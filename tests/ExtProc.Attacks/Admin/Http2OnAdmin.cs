using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Admin;

/// <summary>What Envoy would say, on the port for probes.</summary>
internal sealed class Http2OnAdmin : Attack
{
    public override Attacker By => Attacker.AdminPeer;

    public override async Task RunAsync(Target target)
    {
        byte[] call = [.. Peer.Preface, .. Frame(SettingsFrame, 0, 0, []), .. HeaderFrames(1, RawHpack.Encode(Peer.Call()), endStream: false)];
        for (int i = 0; i < target.Count(100, 1000); i++)
        {
            await (await target.ConnectAdminAsync()).WriteAsync(call);
        }

        await target.HoldAsync();
    }
}
