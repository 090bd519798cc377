using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Held;

/// <summary>Bodies that wait behind a handler that does not come back.</summary>
internal sealed class WaitingBehindAStall : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Holding;

    public override async Task RunAsync(Target target)
    {
        ByteString piece = ByteString.CopyFrom(new byte[64 << 10]);
        await target.OnManyAsync(target.Count(10, 100), peer => Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("x-extproc-instruct", "request-headers=stall")), Enumerable.Repeat(piece, 20)))));
        await target.HoldAsync();
    }
}
