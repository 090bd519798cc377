using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Google.Protobuf;

namespace ExtProc.Attacks.Held;

/// <summary>Exchanges whose headers are as large as a message may be, which are kept while a body is held.</summary>
internal sealed class LargestHeadersHeld : Attack
{
    public override Attacker By => Attacker.Peer;

    public override Config Config => Configs.Holding;

    public override async Task RunAsync(Target target)
    {
        IEnumerable<(string, string)> lines = Enumerable.Range(0, 900).Select(i => ($"x-{i}", new string('a', 1000)));
        await target.OnManyAsync(4, async peer =>
        {
            for (int i = 0; i < target.Count(10, 200) && !peer.Gone; i++)
            {
                await Uploads.SendAsync(peer, Requests.RequestHeaders(more: [("x-extproc-instruct", "request-body=merge"), .. lines]), [ByteString.CopyFromUtf8("a")]);
            }
        });
        await target.HoldAsync();
    }
}
