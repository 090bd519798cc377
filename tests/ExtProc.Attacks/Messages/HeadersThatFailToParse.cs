using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Messages;

/// <summary>Headers that are wrong in their last byte, with a long name: what is said of them must be short.</summary>
internal sealed class HeadersThatFailToParse : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        byte[] message = Requests.RequestHeaders(endOfStream: true, more: (new string('\u0001', 50_000), new string('\u00e9', 50_000))).ToByteArray();
        message[^1] ^= 0xFF;
        for (int i = 0; i < target.Count(10, 300) && !peer.Gone; i++)
        {
            await peer.SendAsync(await peer.OpenAsync(), Requests.Framed(message));
        }
    });
}
