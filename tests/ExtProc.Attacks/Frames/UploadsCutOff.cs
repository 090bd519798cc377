using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>Calls that upload and are reset before the end, again and again.</summary>
internal sealed class UploadsCutOff : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        byte[] upload = [.. Requests.RequestHeaders().Framed(), .. Requests.RequestBody(ByteString.CopyFrom(new byte[60_000])).Framed()];
        for (int i = 0; i < target.Count(50, 2000) && !peer.Gone; i++)
        {
            int stream = await peer.OpenAsync();
            await peer.SendAsync(stream, upload);
            await peer.WriteAsync(Frame(ResetFrame, 0, stream, [0, 0, 0, 8]));
        }
    });
}
