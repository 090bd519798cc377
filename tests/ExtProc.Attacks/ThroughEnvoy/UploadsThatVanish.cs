using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.ThroughEnvoy;

/// <summary>Clients over HTTP/1.1 that are gone in the midst of a body.</summary>
internal sealed class UploadsThatVanish : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.BehindEnvoy;

    public override async Task RunAsync(Target target)
    {
        byte[] beginning = "POST /vanish HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\nhalf of it"u8.ToArray();
        for (int i = 0; i < target.Count(50, 1000); i++)
        {
            Peer peer = await target.ConnectAsync();
            await peer.WriteAsync(beginning);
            await peer.DisposeAsync();
        }
    }
}
