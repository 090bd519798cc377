using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Admin;

/// <summary>Requests to the admin port without end: lines, headers, bodies.</summary>
internal sealed class AdminHugeRequests : Attack
{
    public override Attacker By => Attacker.AdminPeer;

    public override async Task RunAsync(Target target)
    {
        byte[][] beginnings =
        [
            "GET /"u8.ToArray(),
            "GET /live HTTP/1.1\r\nHost: a\r\nx-long: "u8.ToArray(),
            "POST /live HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000000\r\n\r\n"u8.ToArray(),
        ];
        byte[] rest = "a"u8.Times(100_000);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            Peer peer = await target.ConnectAdminAsync();
            await peer.WriteAsync(beginnings[i % beginnings.Length]);
            for (int piece = 0; piece < target.Count(3, 100) && !peer.Gone; piece++)
            {
                await peer.WriteAsync(rest);
            }
        }));
    }
}
