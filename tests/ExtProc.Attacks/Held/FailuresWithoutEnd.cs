using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Held;

/// <summary>Exchanges whose handler throws, one after another: each writes to the log.</summary>
internal sealed class FailuresWithoutEnd : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Holding;

    public override Task RunAsync(Target target) => target.OnManyAsync(4, async peer =>
    {
        for (int i = 0; i < target.Count(50, 2000) && !peer.Gone; i++)
        {
            await peer.SendAsync(await peer.OpenAsync(), Requests.RequestHeaders(endOfStream: true, more: ("x-extproc-instruct", "request-headers=throw")).Framed());
        }
    });
}
