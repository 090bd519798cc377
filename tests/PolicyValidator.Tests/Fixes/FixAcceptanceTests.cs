using Envoy.Runner;
using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Oracle;
using PolicyValidator.Tests.Oracle.Random;

namespace PolicyValidator.Tests.Fixes;

/// <summary>What a fix makes of a refused config, a real Envoy accepts, unless something else was wrong with it; fixed once more it stays as it is.</summary>
public sealed class FixAcceptanceTests
{
    private const int Seed = 20_261_122;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    [Theory, MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public Task Envoy_accepts_what_the_fixes_make_of_a_tenth_of_the_recorded_configs(string version) => AssertAcceptedAsync(version, Recorded(every: 10), atLeast: 20);

    [Theory, Trait("Run", "all"), MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public Task Envoy_accepts_what_the_fixes_make_of_all_recorded_configs(string version) => AssertAcceptedAsync(version, Recorded(every: 1), atLeast: 200);

    [Theory, MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public Task Envoy_accepts_what_the_fixes_make_of_60_random_configs(string version) => AssertAcceptedAsync(version, MadeUp(60, Seed), atLeast: 20);

    [Theory, Trait("Run", "all"), MemberData(nameof(AskedEnvoys.Versions), MemberType = typeof(AskedEnvoys))]
    public Task Envoy_accepts_what_the_fixes_make_of_2000_random_configs(string version) => AssertAcceptedAsync(version, MadeUp(2_000, Seed + 1_000_000), atLeast: 700);

    private static IEnumerable<(string Format, Func<int, string> Listener)> Recorded(int every) =>
        from each in OracleCase.All.Where(each => each.Place != "bootstrap" && Fixed(each.Format, ListenerSkeleton.Around(each.Place, each.Format, each.Config, 0), Target.Newest).Applied > 0)
            .Where((_, at) => at % every == 0)
        select (each.Format, (Func<int, string>)(number => ListenerSkeleton.Around(each.Place, each.Format, each.Config, number)));

    private static IEnumerable<(string Format, Func<int, string> Listener)> MadeUp(int count, int seed) =>
        from at in Enumerable.Range(0, count)
        let made = MadeCase.MakeFullDuplex(seed + at, at % 2 == 0 ? "json" : "yaml")
        select (made.Format, (Func<int, string>)made.Listener);

    private static async Task AssertAcceptedAsync(string version, IEnumerable<(string Format, Func<int, string> Listener)> configs, int atLeast)
    {
        using CancellationTokenSource deadline = new(Deadline);
        Target target = Target.Parse($"envoy={version}")!;
        List<string> wrong = [];
        int accepted = 0;
        foreach (var ofFormat in configs.GroupBy(config => config.Format, config => config.Listener))
        {
            await using SerialJudge judge = await SerialJudge.StartAsync(EnvoyBinary.Find(version), ofFormat.Key, ["upstream", "ext_proc"], deadline.Token);
            foreach (Func<int, string> listener in ofFormat)
            {
                int number = judge.NextNumber();
                FixedText made = Fixed(ofFormat.Key, listener(number), target);
                if (made.Applied == 0)
                {
                    continue;
                }

                bool theirs = await judge.AcceptsAsync(ListenerSkeleton.DiscoveryResponse(ofFormat.Key, made.Source.Text, number), deadline.Token);
                bool ours = made.Result.Findings.All(finding => finding.Severity != Severity.Error);
                bool settled = Fixed(ofFormat.Key, made.Source.Text, target).Source.Text == made.Source.Text;
                accepted += theirs ? 1 : 0;
                if (theirs != ours || !settled)
                {
                    wrong.Add($"Envoy {(theirs ? "accepts" : "refuses")}, we {(ours ? "accept" : "refuse")}, {(settled ? "" : "not ")}settled:\n{made.Source.Text}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of the fixed configs on Envoy {version}\n{string.Join('\n', wrong.Take(5))}");
        Assert.True(accepted >= atLeast, $"only {accepted} fixed configs were accepted by Envoy {version}");
    }

    private static FixedText Fixed(string format, string text, Target target) =>
        FixApplier.Apply(new SourceText($"case.{format}", text), source => Linter.Lint([source], target, new LintOptions()), unsafeToo: true);
}
