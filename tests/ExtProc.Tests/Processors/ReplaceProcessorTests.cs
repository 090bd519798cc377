using System.Text;
using ExtProc.Abilities;
using ExtProc.Processors;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

public sealed class ReplaceProcessorTests
{
    private static readonly (string, string)[] Text = [("content-type", "text/plain")];

    private static Play Replacing(string text, string by, BodiesOf @in = BodiesOf.Both) =>
        Play.Through(() => new ReplaceProcessor(new ReplaceOptions { Text = text, By = by, In = @in }));

    [Theory]
    [InlineData("my secret is secretsecre", "secret", "[redacted]", "my [redacted] is [redacted]secre")]
    [InlineData("aaaa", "aa", "b", "bb")]
    [InlineData("abcabcabd", "abcabd", "", "abc")]
    [InlineData("", "x", "y", "")]
    public async Task Text_is_replaced_wherever_the_body_is_cut(string body, string text, string by, string expected)
    {
        PlayCount count = await Replacing(text, by).Request("POST", "/", body, Text).Response(200, body, Text).ForEveryModeAndSplit(seen =>
        {
            string there = seen.Outcome is PlayOutcome.Passed ? expected : "not passed";
            Assert.Equal(PlayOutcome.Passed, seen.Outcome);
            Assert.Equal((there, true), (seen.Client.Body, seen.Client.EndedCleanly));
            Assert.Equal((there, true), (seen.Upstream.Body, seen.Upstream.EndedCleanly));
        });
        Assert.True(count.Played > 0);
    }

    [Theory]
    [InlineData("gzip", BodySendMode.Buffered)]
    [InlineData("gzip", BodySendMode.FullDuplexStreamed)]
    [InlineData("deflate", BodySendMode.Buffered)]
    [InlineData("deflate", BodySendMode.FullDuplexStreamed)]
    [InlineData("br", BodySendMode.Buffered)]
    [InlineData("br", BodySendMode.FullDuplexStreamed)]
    public async Task A_compressed_body_that_was_cut_off_is_not_made_again_as_a_whole_one(string coding, BodySendMode mode)
    {
        byte[] whole = ContentCodings.Encode(coding, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(number => $"{number} secret "))));
        Play play = Replacing("secret", "x").Response(200, "", [.. Text, ("content-encoding", coding)]).In(mode).CutAt(100);

        Seen passed = await play.Body(Direction.Response, whole).RunAsync();
        Assert.Equal(PlayOutcome.Passed, passed.Outcome);
        foreach (int missing in (int[])[1, 4, 9, whole.Length / 2])
        {
            Seen cut = await play.Body(Direction.Response, whole.AsMemory(0, whole.Length - missing)).RunAsync();

            Assert.NotEqual(PlayOutcome.Passed, cut.Outcome);
            Assert.Contains(Reasons.EncodingFailed, cut.GrpcMessage, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_body_without_bytes_passes_whatever_its_coding(string coding)
    {
        Seen seen = await Replacing("secret", "x").Response(200, "", [.. Text, ("content-encoding", coding)]).RunAsync();

        Assert.Equal((PlayOutcome.Passed, "", true), (seen.Outcome, seen.Client.Body, seen.Client.EndedCleanly));
    }
}
