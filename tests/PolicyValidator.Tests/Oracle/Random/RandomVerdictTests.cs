using Envoy.Runner;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Oracle.Random;

/// <summary>Our verdict is Envoy's on made-up configs too. A disagreement is made small and printed; it belongs into the recorded cases.</summary>
public sealed class RandomVerdictTests
{
    private const int Seed = 20_261_121;
    private const int MaxReported = 12;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    [Theory]
    [MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public Task We_and_Envoy_say_the_same_of_200_configs(string version) => CompareAsync(version, 100, Seed);

    [Theory]
    [Trait("Run", "all")]
    [MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public Task We_and_Envoy_say_the_same_of_3000_configs(string version) => CompareAsync(version, 1_500, Seed + 4_000_000);

    private static async Task CompareAsync(string version, int countPerFormat, int seed)
    {
        using CancellationTokenSource deadline = new(Deadline);
        List<string> disagreements = [];
        int accepted = 0;
        foreach (string format in new[] { "json", "yaml" })
        {
            await using SerialJudge judge = await SerialJudge.StartAsync(EnvoyBinary.Find(version), format, ["upstream", "ext_proc"], deadline.Token);
            Comparison comparison = new(judge, Target.Parse($"envoy={version}")!);
            for (int at = 0; at < countPerFormat && disagreements.Count < MaxReported; at++)
            {
                MadeCase made = MadeCase.Make(seed + at, format);
                (bool theirs, bool ours) = await comparison.AskAsync(made, deadline.Token);
                accepted += theirs ? 1 : 0;
                if (theirs != ours && made.IsOfExtProc)
                {
                    disagreements.Add(await comparison.ExplainAsync(made, theirs, deadline.Token));
                }
            }
        }

        Assert.True(disagreements.Count == 0, $"{disagreements.Count} disagreements with Envoy {version}\n{string.Join('\n', disagreements)}");
        Assert.InRange(accepted, countPerFormat / 4, countPerFormat * 7 / 4);
    }
}
