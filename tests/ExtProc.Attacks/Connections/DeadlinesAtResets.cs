using System.Globalization;
using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Connections;

/// <summary>Calls with a short grpc-timeout whose connection goes at about that time: a deadline that passes for a peer that is gone must hurt nobody.</summary>
internal sealed class DeadlinesAtResets : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Config Config => Configs.Holding;

    public override async Task RunAsync(Target target)
    {
        byte[] stalled = Requests.RequestHeaders(more: ("x-extproc-instruct", "request-headers=stall")).Framed();
        for (int round = 0; round < target.Count(10, 150) && !target.Over.IsCancellationRequested; round++)
        {
            await target.OnManyAsync(2, async peer =>
            {
                for (int call = 0; call < 100 && !peer.Gone; call++)
                {
                    string timeout = string.Create(CultureInfo.InvariantCulture, $"{20 + (call % 40)}m");
                    await peer.SendAsync(await peer.OpenAsync(Peer.Process, ("grpc-timeout", timeout)), stalled);
                }

                await peer.DisposeAsync();
            });
        }
    }
}
