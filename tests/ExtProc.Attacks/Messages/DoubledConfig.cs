using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>The protocol configuration twice, beside a million unknown fields.</summary>
internal sealed class DoubledConfig : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target)
    {
        byte[] unknown = ((ReadOnlySpan<byte>)[0xA0, 0x06, 1]).Times(target.Count(1 << 20, 9 << 20)); // field 100
        byte[] message = Requests.Framed(Requests.Gzip((byte[])[.. Requests.Field(11, []), .. unknown, .. Requests.Field(11, [])]), compressed: true);
        return Compressed.SendAsync(target, message, streams: target.Count(2, 16));
    }
}
