using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.ThroughEnvoy;

/// <summary>A content-encoding of 20 KB that is no text, with a body that must be read.</summary>
internal sealed class EncodingsNobodyKnows : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.BehindEnvoy;

    public override Task RunAsync(Target target) => target.OnManyAsync(2, async peer =>
    {
        for (int i = 0; i < target.Count(10, 300) && !peer.Gone; i++)
        {
            int stream = await peer.RequestAsync([.. Http.Post("/encoded"), ("content-type", "text/plain"), ("content-encoding", new string('\u00e9', 20_000))]);
            await peer.SendAsync(stream, "a"u8.ToArray(), endStream: true);
            await peer.EndedAsync(stream);
        }
    });
}
