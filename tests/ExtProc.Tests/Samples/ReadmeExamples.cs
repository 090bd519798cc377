using ExtProc.Samples;
using ExtProc.Testing;

namespace ExtProc.Tests.Samples;

/// <summary>The examples of the READMEs, as tests; a README shows what follows the line with its name.</summary>
public sealed class ReadmeExamples
{
    [Fact]
    public async Task One_expectation_for_every_mode_and_cut()
    {
        // one-expectation:
        await Play.Through(() => new Mask(new() { Word = "secret" }))
            .Response(200, "my secret is secretsecre")
            .ForEveryModeAndSplit(seen => Assert.Equal("my [redacted] is [redacted]secre", seen.Client.Body));
    }

    [Fact]
    public async Task Two_expectations_for_every_mode_and_cut()
    {
        // every-mode:
        await Play.Through(() => new Mask(new() { Word = "secret" }))
            .Response(200, "my secret is secretsecre")
            .ForEveryModeAndSplit(seen =>
            {
                Assert.Equal("my [redacted] is [redacted]secre", seen.Client.Body);
                Assert.True(seen.Client.EndedCleanly);
            });
    }
}
