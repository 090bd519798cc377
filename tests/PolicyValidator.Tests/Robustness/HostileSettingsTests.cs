using PolicyValidator.Cli;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Settings that somebody wrote to stall, to fill memory or to end the program: exit code 2 with a place and a reason, or obeyed in no time.</summary>
[Collection(AloneCollection.Name)]
public sealed class HostileSettingsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Refused => new()
    {
        { "exclude: [\"" + string.Concat(Enumerable.Repeat("{,}", 100_000)) + "\"]", "longer than 512 letters" },
        { "include: [\"" + string.Concat(Enumerable.Repeat("{a,b}", 100)) + "\"]", "more than 1000 patterns" },
        { "exclude: [" + string.Join(',', Enumerable.Repeat("\"{a,b,c}{a,b,c}{a,b,c}{a,b,c}\"", 30)) + "]", "more than 1000 patterns" },
        { "exclude: [" + string.Join(',', Enumerable.Repeat("a", 100_000)) + "]", "more than 1000 items" },
        { "ignorePaths: [" + string.Join(',', Enumerable.Repeat("{paths: [a], rules: [EP], reason: b}", 20_000)) + "]", "more than 1000 items" },
        { "ignorePaths: [{paths: [\"" + new string('{', 1000) + "\"], rules: [EP001], reason: b}]", "longer than 512 letters" },
        { "select: [" + string.Join(',', Enumerable.Repeat("EP", 100_000)) + "]", "more than 1000 items" },
        { string.Concat(Enumerable.Range(0, 80_000).Select(at => $"k{at}: 1\n")), "is not a setting" },
        { "severity: {" + string.Join(',', Enumerable.Range(0, 80_000).Select(at => $"E{at}: hint")) + "}", "is not a rule" },
        { new string('[', 100_000), "nested deeper than 100 levels" },
        { "select: " + new string('[', 100_000), "nested deeper than 100 levels" },
        { string.Concat(Enumerable.Repeat("{a: ", 10_000)), "nested deeper than 100 levels" },
        { "a0: &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 30).Select(at => $"a{at}: &a{at} [{string.Join(", ", Enumerable.Repeat($"*a{at - 1}", 30))}]\n")), "" },
        { "select: &a [*a]", "" },
        { "target: envoy=1." + new string('9', 500_000), "is not" },
        { "maxFileBytes: " + new string('9', 500_000), "is not" },
        { string.Concat(Enumerable.Repeat("---\n", 100_000)), "one document" },
        { "format: " + string.Concat(Enumerable.Repeat("&a ", 100_000)), "" },
        { "baseline: \"" + new string('a', 500_000) + "\"", "" },
        { "baseline: \"a\\0b\"", "" },
        { new string('#', 2 << 20), "larger than the limit of 1048576 bytes" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task Settings_without_measure_are_exit_code_2(string settings, string words)
    {
        string policy = folder.Write("p.yaml", "a: b\n");
        folder.Write(".policy-validator.yaml", settings + "\n");
        long before = GC.GetTotalAllocatedBytes();
        Run run = await OddFiles.RunAsync("lint", policy);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.InRange(run.Error.Length, 1, 2_000);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1_000_000_000);
    }

    [Theory]
    [InlineData("--exclude")]
    [InlineData("--include")]
    public void So_are_globs_of_the_command_line(string flag)
    {
        Run run = Run.Of("lint", "--no-config", flag, new string('{', 100_000), folder.Path);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains($"{flag} cannot be obeyed: a glob is longer than", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_costliest_globs_that_are_taken_cost_little()
    {
        string name = new('a', 200);
        for (int at = 0; at < 20; at++)
        {
            folder.Write($"a/a/a/a/{at:000}{name}.yaml", "a: b\n");
        }

        string glob = string.Concat(Enumerable.Repeat("*a", 200)) + "b";
        folder.Write(".policy-validator.yaml", $"exclude: [{string.Join(", ", Enumerable.Repeat($"\"**/{glob}\"", 500))}]\n");
        Run run = await OddFiles.RunAsync("lint", folder.Path);
        Assert.Equal(ExitCode.Clean, run.ExitCode);
    }
}
