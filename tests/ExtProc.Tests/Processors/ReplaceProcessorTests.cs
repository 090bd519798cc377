using ExtProc.Processors;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

public sealed class ReplaceProcessorTests
{
    private static Play Replacing(string text, string by, BodiesOf @in = BodiesOf.Both) =>
        Play.Through(() => new ReplaceProcessor(new ReplaceOptions { Text = text, By = by, In = @in }));

    [Theory]
    [InlineData("my secret is secretsecre", "secret", "[redacted]", "my [redacted] is [redacted]secre")]
    [InlineData("aaaa", "aa", "b", "bb")]
    [InlineData("abcabcabd", "abcabd", "", "abc")]
    [InlineData("", "x", "y", "")]
    public async Task Text_is_replaced_wherever_the_body_is_cut(string body, string text, string by, string expected)
    {
        PlayCount count = await Replacing(text, by).Request("POST", "/", body).Response(200, body).ForEveryModeAndSplit(seen =>
        {
            string there = seen.Outcome is PlayOutcome.Passed ? expected : "not passed";
            Assert.Equal(PlayOutcome.Passed, seen.Outcome);
            Assert.Equal((there, true), (seen.Client.Body, seen.Client.EndedCleanly));
            Assert.Equal((there, true), (seen.Upstream.Body, seen.Upstream.EndedCleanly));
        });
        Assert.True(count.Played > 0);
    }
}
