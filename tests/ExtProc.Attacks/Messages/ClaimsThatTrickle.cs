using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Messages;

/// <summary>Messages that claim 30 MiB on very many streams, of which some bytes come again and again, so that each seems to go on.</summary>
internal sealed class ClaimsThatTrickle : Attack
{
    public override Attacker By => Attacker.Peer;

    public override TimeSpan Longest => TimeSpan.FromSeconds(15);

    public override async Task RunAsync(Target target)
    {
        byte[] beginning = [.. Requests.Claim(30 << 20), .. new byte[20_000]], drop = new byte[300];
        await target.OnManyAsync(target.Count(30, 240), async peer =>
        {
            List<int> streams = [];
            for (int i = 0; i < target.Count(5, 28) && !peer.Gone; i++)
            {
                streams.Add(await peer.OpenAsync());
                await peer.SendAsync(streams[^1], beginning);
            }

            while (!peer.Gone)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, target.Over);
                foreach (int stream in streams.Where(stream => !peer.IsOver(stream)))
                {
                    await peer.SendAsync(stream, drop);
                }
            }
        });
    }
}
