using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Bytes by chance where messages should be.</summary>
internal sealed class Noise : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        Random random = new(1);
        byte[] noise = new byte[1000];
        for (int i = 0; i < target.Count(50, 5000) && !peer.Gone; i++)
        {
            random.NextBytes(noise);
            await peer.SendAsync(await peer.OpenAsync(), Requests.Framed(noise.AsSpan(0, random.Next(noise.Length))));
        }
    });
}
