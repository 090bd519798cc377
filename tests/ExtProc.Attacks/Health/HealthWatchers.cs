using System.Text;
using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Health;

/// <summary>Watches the health of many services and never stops.</summary>
internal sealed class HealthWatchers : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        await target.OnManyAsync(4, async peer =>
        {
            for (int i = 0; i < target.Count(100, 2500) && !peer.Gone; i++)
            {
                int stream = await peer.OpenAsync("/grpc.health.v1.Health/Watch");
                await peer.SendAsync(stream, Requests.Framed(Requests.Field(1, Encoding.ASCII.GetBytes($"service-{i}"))), endStream: true);
            }
        });
        await target.HoldAsync();
    }
}
