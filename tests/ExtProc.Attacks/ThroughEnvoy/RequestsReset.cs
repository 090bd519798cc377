using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.ThroughEnvoy;

/// <summary>Requests that are reset at once, which Envoy tells the server of one by one.</summary>
internal sealed class RequestsReset : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.BehindEnvoy;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        for (int i = 0; i < target.Count(50, 1000) && !peer.Gone; i++)
        {
            int stream = await peer.RequestAsync([.. Http.Post("/reset"), ("content-type", "text/plain")]);
            await peer.SendAsync(stream, new byte[10]);
            await peer.WriteAsync(Frame(ResetFrame, 0, stream, [0, 0, 0, 8]));
        }
    });
}
