using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.ThroughEnvoy;

/// <summary>Paths, types and ids as ugly as Envoy lets them by: what is logged of them must be short and harmless.</summary>
internal sealed class UglyTargets : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.BehindEnvoy;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        string ugly = string.Concat(Enumerable.Repeat("\u009b2J\u00e9\t", 4_000));
        for (int i = 0; i < target.Count(10, 300) && !peer.Gone; i++)
        {
            int stream = await peer.RequestAsync([.. Http.Post("/ugly?" + new string('x', 20_000)), ("content-type", ugly), ("x-request-id", ugly)]);
            await peer.SendAsync(stream, "a"u8.ToArray(), endStream: true);
            await peer.EndedAsync(stream);
        }
    });
}
