using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Messages;

/// <summary>A million attributes beside the headers.</summary>
internal sealed class ManyAttributes : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target)
    {
        byte[] attribute = Requests.Field(9, [.. Requests.Field(1, "a"u8), .. Requests.Field(2, [])]);
        byte[] message = [.. Requests.RequestHeaders().ToByteArray(), .. ((ReadOnlySpan<byte>)attribute).Times(target.Count(100_000, 2_000_000))];
        return Compressed.SendAsync(target, Requests.Framed(Requests.Gzip(message), compressed: true), streams: target.Count(4, 16));
    }
}
