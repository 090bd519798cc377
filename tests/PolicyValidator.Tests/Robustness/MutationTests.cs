using System.Diagnostics;
using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Oracle;
using Tests.Shared;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Recorded configs with pieces cut, doubled, swapped and replaced: linting and fixing never throw, never take long, and settle.</summary>
public sealed class MutationTests
{
    private const int Seed = 20_261_121;

    private static readonly TimeSpan SlowestLint = TimeSpan.FromSeconds(20);

    private static readonly (string Format, string Text)[] Corpus =
    [
        .. OracleCase.All.Where(each => each.Config.Length < 4_000).Select(each => (each.Format, each.Config)),
        .. OracleCase.All.Where((_, at) => at % 50 == 0).Select(each => (each.Format, each.WholeFile())),
        .. Directory.EnumerateFiles(Repository.PathOf("tests", "PolicyValidator.Tests", "Surfaces", "Corpus"), "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(path => ("yaml", File.ReadAllText(path))),
    ];

    [Fact]
    public void Ten_seconds_of_mutated_configs_neither_break_nor_stall_it() => Mutate(TimeSpan.FromSeconds(10), Seed);

    [Fact, Trait("Run", "all")]
    public void Four_minutes_of_mutated_configs_neither_break_nor_stall_it() => Mutate(TimeSpan.FromMinutes(4), Seed + 100_000_000);

    private static void Mutate(TimeSpan howLong, int seed)
    {
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        for (; Stopwatch.GetElapsedTime(start) < howLong; count++)
        {
            Random random = new(seed + count);
            (string format, string text) = Corpus[random.Next(Corpus.Length)];
            AssertBears(format, Mutator.Changed(text, random, Corpus[random.Next(Corpus.Length)].Text), seed + count);
        }

        Assert.True(count > 50, $"only {count} were linted");
    }

    private static void AssertBears(string format, string text, int seed)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            LintResult Lint(SourceText source) => Linter.Lint([source], Target.Newest, new LintOptions());
            FixedText made = FixApplier.Apply(new SourceText($"mutant.{format}", text), Lint, unsafeToo: true);
            FixedText again = FixApplier.Apply(made.Source, Lint, unsafeToo: true);
            Assert.Equal(made.Source.Text, again.Source.Text);
            Assert.All(made.Result.Findings, finding => Assert.InRange(finding.Span.End, finding.Span.Start, finding.Source.Text.Length));
        }
        catch (Exception broken)
        {
            throw new InvalidOperationException($"seed {seed} ({format}): {broken.Message}\n{text}", broken);
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < SlowestLint, $"seed {seed} took {Stopwatch.GetElapsedTime(start)}:\n{text}");
    }
}
