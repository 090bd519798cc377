using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Held;

/// <summary>A hundred exchanges, each of which a handler holds 15 MiB of: 1.5 GB with a budget of 128 MiB.</summary>
internal sealed class HeldBodies : Attack
{
    public override Attacker By => Attacker.Client;

    public override Config Config => Configs.Holding;

    public override async Task RunAsync(Target target)
    {
        ByteString piece = ByteString.CopyFrom(new byte[64 << 10]);
        await target.OnManyAsync(target.Count(20, 100), peer =>
            Uploads.SendAsync(peer, Requests.RequestHeaders(more: ("x-extproc-instruct", "request-body=merge")), Enumerable.Repeat(piece, 239)));
        await target.HoldAsync();
    }
}
