using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Messages;

/// <summary>Parts in every order but the right one: a body before headers, two ends, trailers twice.</summary>
internal sealed class WrongOrder : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        byte[][] parts =
        [
            Requests.RequestHeaders().Framed(), Requests.RequestHeaders(endOfStream: true).Framed(), Requests.ResponseHeaders().Framed(),
            Requests.RequestBody(ByteString.CopyFromUtf8("a")).Framed(), Requests.RequestBody(ByteString.CopyFromUtf8("b"), endOfStream: true).Framed(),
            Requests.Framed(Requests.Field(5, Requests.Field(1, "c"u8))), Requests.Framed(Requests.Field(6, [])), Requests.Framed(Requests.Field(7, [])),
        ];
        Random random = new(1);
        for (int i = 0; i < target.Count(50, 2000) && !peer.Gone; i++)
        {
            await peer.SendAsync(await peer.OpenAsync(), Enumerable.Range(0, 6).SelectMany(_ => parts[random.Next(parts.Length)]).ToArray(), endStream: i % 2 == 0);
        }
    });
}
