using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Messages of header lines without name and value, two bytes each.</summary>
internal sealed class EmptyLinesPlain : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        byte[] message = Requests.Framed(Requests.Field(2, Requests.Field(1, ((ReadOnlySpan<byte>)[0x0A, 0]).Times(target.Count(1 << 20, 8 << 20)))));
        for (int i = 0; i < target.Count(2, 10) && !peer.Gone; i++)
        {
            await peer.SendAsync(await peer.OpenAsync(), message);
        }
    });
}
