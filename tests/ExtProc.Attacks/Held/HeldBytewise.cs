using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Held;

/// <summary>A body that a handler holds, in pieces of one byte: a handler that looks at all of it each time pays the square.</summary>
internal sealed class HeldBytewise : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Holding;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        byte[] chunks = ((ReadOnlySpan<byte>)Requests.RequestBody(ByteString.CopyFromUtf8("a")).Framed()).Times(1000);
        int stream = await peer.OpenAsync();
        await peer.SendAsync(stream, Requests.RequestHeaders(more: ("x-extproc-instruct", "request-body=merge")).Framed());
        for (int i = 0; i < target.Count(20, 500) && !peer.IsOver(stream) && !peer.Gone; i++)
        {
            await peer.SendAsync(stream, chunks);
        }
    });
}
