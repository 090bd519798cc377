using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Connections;

/// <summary>What is no HTTP/2, or only its beginning: HTTP/1.1, TLS, half a preface.</summary>
internal sealed class HalfPrefaces : Attack
{
    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        byte[][] beginnings = [Peer.Preface[..10].ToArray(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), [22, 3, 1, 2, 0, 1], Peer.Preface.ToArray(), new byte[24]];
        for (int i = 0; i < target.Count(200, 3000); i++)
        {
            await (await target.ConnectAsync()).WriteAsync(beginnings[i % beginnings.Length]);
        }

        await target.HoldAsync();
    }
}
