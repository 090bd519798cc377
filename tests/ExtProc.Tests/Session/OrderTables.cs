using System.Text;
using ExtProc.Protocol;
using ExtProc.Session;
using Tests.Shared;

namespace ExtProc.Tests.Session;

/// <summary>The order tables as the README prints them.</summary>
public sealed class OrderTables
{
    private const string Readme = "src/ExtProc/README.md";

    [Fact]
    public void The_README_prints_what_may_come()
    {
        ReceivedPart[] parts = Enum.GetValues<ReceivedPart>();
        var table = new StringBuilder($"| so far | {string.Join(" | ", parts.Select(Words))} |\n|---{string.Concat(parts.Select(_ => "|---"))}|\n");
        foreach (PartPhase phase in Enum.GetValues<PartPhase>())
        {
            table.Append($"| {Words(phase)} | {string.Join(" | ", parts.Select(part => PartOrder.After(phase, part) is { } next ? Words(next) : "-"))} |\n");
        }

        Golden.Section(Readme, "part-order", table.ToString());
    }

    [Fact]
    public void The_README_prints_what_may_go()
    {
        var text = new StringBuilder();
        foreach (bool duplex in (bool[])[false, true])
        {
            SentReply[] replies = Enum.GetValues<SentReply>();
            text.Append(duplex ? "\nIn FULL_DUPLEX_STREAMED:\n\n" : "In all other modes:\n\n");
            text.Append($"| state | after H | after B | after T | {string.Join(" | ", replies.Select(Words))} |\n|---|---|---|---{string.Concat(replies.Select(_ => "|---"))}|\n");
            foreach (ReplyPhase phase in Enum.GetValues<ReplyPhase>().Where(phase => IsReached(phase, duplex)))
            {
                IEnumerable<string> received = ((PartKind[])[PartKind.Headers, PartKind.Body, PartKind.Trailers]).Select(part => Words(ReplyOrder.OnPart(phase, part, duplex)));
                IEnumerable<string> sent = replies.Select(reply => ReplyOrder.After(phase, reply, duplex) is { } next ? Words(next) : "-");
                text.Append($"| {Words(phase)} | {string.Join(" | ", received.Concat(sent))} |\n");
            }
        }

        Golden.Section(Readme, "reply-order", text.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_may_be_sent_after_the_end(bool duplex) =>
        Assert.All(Enum.GetValues<SentReply>(), reply => Assert.Null(ReplyOrder.After(ReplyPhase.Done, reply, duplex)));

    [Fact]
    public void Nothing_may_come_after_the_end() =>
        Assert.All(Enum.GetValues<ReceivedPart>(), part => Assert.Null(PartOrder.After(PartPhase.Ended, part)));

    private static bool IsReached(ReplyPhase phase, bool duplex) => phase switch
    {
        ReplyPhase.OwesBody or ReplyPhase.OwesTrailers => !duplex,
        ReplyPhase.Streaming => duplex,
        _ => true,
    };

    private static string Words(PartPhase phase) => phase switch
    {
        PartPhase.Idle => "nothing",
        PartPhase.Open => "begun",
        _ => "ended",
    };

    private static string Words(ReceivedPart part) => part switch
    {
        ReceivedPart.Headers => "`H`",
        ReceivedPart.HeadersEnd => "`H(e)`",
        ReceivedPart.Body => "`B`",
        ReceivedPart.BodyEnd => "`B(e)`",
        _ => "`T`",
    };

    private static string Words(ReplyPhase phase) => phase switch
    {
        ReplyPhase.Quiet => "nothing owed",
        ReplyPhase.OwesHeaders => "owes `h`",
        ReplyPhase.OwesBody => "owes `b`",
        ReplyPhase.OwesTrailers => "owes `t`",
        ReplyPhase.Streaming => "streaming",
        _ => "done",
    };

    private static string Words(SentReply reply) => reply switch
    {
        SentReply.Headers => "`h`",
        SentReply.Body => "`b`",
        SentReply.BodyEnd => "`b(e)`",
        SentReply.Trailers => "`t`",
        _ => "`h`, no body or replaced",
    };
}
