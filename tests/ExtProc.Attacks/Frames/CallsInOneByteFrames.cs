using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>Calls whose messages come in frames of one byte.</summary>
internal sealed class CallsInOneByteFrames : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        byte[] message = Requests.RequestHeaders(endOfStream: true, more: ("x-long", new string('a', 2000))).Framed();
        for (int i = 0; i < target.Count(2, 60) && !peer.Gone; i++)
        {
            int stream = await peer.OpenAsync();
            await peer.WriteAsync(message.SelectMany(one => Frame(DataFrame, 0, stream, [one])).ToArray());
        }
    });
}
