using ExtProc.Abilities;
using ExtProc.Testing;

namespace ExtProc.Tests.Pipeline;

/// <summary>A small encoded body that grows without end is refused before it fills the memory.</summary>
public sealed class EncodingLimitTests
{
    public static TheoryData<string, BodySendMode> Codings
    {
        get
        {
            var data = new TheoryData<string, BodySendMode>();
            foreach (string coding in ContentCodings.All)
            {
                data.Add(coding, BodySendMode.Buffered);
                data.Add(coding, BodySendMode.FullDuplexStreamed);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task A_body_that_grows_more_than_the_ratio_allows_is_refused(string coding, BodySendMode mode) =>
        AssertRefused(await Growing(coding, mode).Limits(limits => limits with { DecodedRatio = 10 }).RunAsync());

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task A_body_that_grows_beyond_the_limit_is_refused(string coding, BodySendMode mode) =>
        AssertRefused(await Growing(coding, mode).Limits(limits => limits with { DecodedBytes = 100_000, DecodedRatio = 10_000 }).RunAsync());

    [Theory]
    [MemberData(nameof(Codings))]
    public async Task A_body_within_both_limits_passes(string coding, BodySendMode mode)
    {
        Seen seen = await Growing(coding, mode).Limits(limits => limits with { DecodedBytes = 4_000_000, DecodedRatio = 10_000 }).RunAsync();

        Assert.Equal(PlayOutcome.Passed, seen.Outcome);
    }

    private static void AssertRefused(Seen seen)
    {
        Assert.Equal((PlayOutcome.Failed, Reasons.EncodingFailed), (seen.Outcome, seen.Completion.Reason));
        Assert.Contains(seen.Logs, line => line.Contains("limits.decodedBytes, limits.decodedRatio", StringComparison.Ordinal));
        Assert.Empty(seen.Violations);
    }

    private static Play Growing(string coding, BodySendMode mode) => Play.Through(Scripted.Upper)
        .Request("GET").Response(200, headers: [("content-encoding", coding)]).Body(Direction.Response, ContentCodings.Encode(coding, Repetitive())).In(mode);

    /// <summary>Compresses to about a hundredth.</summary>
    private static byte[] Repetitive()
    {
        byte[] block = new byte[16 << 10];
        new Random(1).NextBytes(block);
        return [.. Enumerable.Repeat(block, 128).SelectMany(static bytes => bytes)];
    }
}
