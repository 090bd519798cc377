using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.ThroughEnvoy;

/// <summary>Bodies of 16 MiB that are 16 KB of gzip, through Envoy.</summary>
internal sealed class BombsThroughEnvoy : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.BehindEnvoy;

    public override Task RunAsync(Target target)
    {
        byte[] bomb = Coded.As("gzip", new byte[16 << 20]);
        return target.OnManyAsync(4, peer => Task.WhenAll(Enumerable.Range(0, target.Count(5, 30)).Select(async _ =>
        {
            int stream = await peer.RequestAsync([.. Http.Post("/bomb"), ("content-type", "text/plain"), ("content-encoding", "gzip")]);
            await peer.SendAsync(stream, bomb, endStream: true);
            await peer.EndedAsync(stream);
        })));
    }
}
