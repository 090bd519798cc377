using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.ThroughEnvoy;

/// <summary>Requests with as many headers as Envoy takes, of which the server gets every one.</summary>
internal sealed class LargestHeaders : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.BehindEnvoy;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        (string, string)[] headers = [.. Http.Post("/large"), .. Enumerable.Range(0, 90).Select(i => ($"x-{i}", new string('a', 600)))];
        for (int i = 0; i < target.Count(20, 500) && !peer.Gone; i++)
        {
            int stream = await peer.RequestAsync(headers);
            await peer.SendAsync(stream, ReadOnlyMemory<byte>.Empty, endStream: true);
        }
    });
}
