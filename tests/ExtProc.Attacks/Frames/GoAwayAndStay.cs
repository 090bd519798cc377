using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Frames;

/// <summary>Says GOAWAY and then stays, with calls open and new ones to come.</summary>
internal sealed class GoAwayAndStay : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(target.Count(10, 200), async peer =>
    {
        int stream = await peer.OpenAsync();
        await peer.WriteAsync(Frame(GoAwayFrame, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));
        await peer.SendAsync(stream, Requests.RequestHeaders().Framed());
        await peer.OpenAsync();
        await target.HoldAsync();
    });
}
