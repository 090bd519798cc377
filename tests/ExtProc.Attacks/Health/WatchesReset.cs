using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;

namespace ExtProc.Attacks.Health;

/// <summary>Watches the health, and stops, again and again: what a watch leaves behind is left for the life of the process.</summary>
internal sealed class WatchesReset : Attack
{
    private const int AtOnce = 100;

    public override Attacker By => Attacker.Peer;

    public override async Task RunAsync(Target target)
    {
        byte[] question = Requests.Framed([]);
        await target.OnManyAsync(4, async peer =>
        {
            for (int i = 0; i < target.Count(3, 1000) && !peer.Gone; i++)
            {
                List<int> streams = [];
                for (int at = 0; at < AtOnce && !peer.Gone; at++)
                {
                    streams.Add(await peer.OpenAsync("/grpc.health.v1.Health/Watch"));
                    await peer.SendAsync(streams[^1], question, endStream: true);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, target.Over);
                foreach (int stream in streams)
                {
                    await peer.WriteAsync(RawFrames.Frame(RawFrames.ResetFrame, 0, stream, [0, 0, 0, 8]));
                }
            }
        });
    }
}
