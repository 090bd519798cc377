using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Admin;

/// <summary>Thousands of requests to the admin port at once whose answers nobody reads.</summary>
internal sealed class AdminPipelined : Attack
{
    public override Attacker By => Attacker.AdminPeer;

    public override async Task RunAsync(Target target)
    {
        byte[] requests = "GET /ready HTTP/1.1\r\nHost: a\r\n\r\n"u8.Times(1000);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            Peer peer = await target.ConnectAdminAsync();
            for (int i = 0; i < target.Count(3, 100) && !peer.Gone; i++)
            {
                await peer.WriteAsync(requests);
            }
        }));
    }
}
