using PolicyValidator.Cli;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Every door through which a file comes in, with what is no file behind it: no wait, a plain word, and exit code 2 where it was named.</summary>
public sealed class OddFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Kinds => OddFiles.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task One_that_is_named_is_exit_code_2(string kind, string words)
    {
        string path = Path.Combine(folder.Path, "odd.yaml");
        using IDisposable? held = OddFiles.Make(kind, path);
        Run run = await OddFiles.RunAsync("lint", "--no-config", path);
        if (kind == "directory")
        {
            Assert.Equal(ExitCode.Clean, run.ExitCode);
            return;
        }

        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains($"{path}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_in_a_folder_are_counted_by_name_and_the_rest_is_judged()
    {
        folder.Write("a.yaml", "a: b\n");
        using IDisposable? socket = OddFiles.Make("socket", Path.Combine(folder.Path, "s.yaml"));
        foreach (string kind in (string[])["pipe", "endless", "ring", "nothing"])
        {
            OddFiles.Make(kind, Path.Combine(folder.Path, $"{kind}.yaml"));
        }

        Run run = await OddFiles.RunAsync("lint", "--no-config", folder.Path);
        Assert.Equal((ExitCode.Clean, ""), (run.ExitCode, run.Error));
        Assert.Contains("a.yaml: clean", run.Output, StringComparison.Ordinal);
        Assert.Contains("passed over 2 pipes, sockets and devices (", run.Output, StringComparison.Ordinal);
        Assert.Contains("passed over 3 links that lead out of the checkout or to nothing", run.Output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task One_in_place_of_the_settings_is_exit_code_2(string kind, string words) => await AssertRefusedAsync(kind, words, ".policy-validator.yaml");

    [Theory, MemberData(nameof(Kinds))]
    public async Task One_that_is_named_as_the_settings_is_exit_code_2(string kind, string words) =>
        await AssertRefusedAsync(kind, words, "named.yaml", "--config", Path.Combine(folder.Path, "named.yaml"));

    [Theory, MemberData(nameof(Kinds))]
    public async Task One_in_place_of_the_baseline_is_exit_code_2(string kind, string words) =>
        await AssertRefusedAsync(kind, words, "known.json", "--baseline", Path.Combine(folder.Path, "known.json"));

    [Theory]
    [InlineData("pipe")]
    [InlineData("socket")]
    [InlineData("endless")]
    [InlineData("ring")]
    public async Task One_in_place_of_a_kustomization_says_nothing(string kind)
    {
        folder.Write("sub/a.yaml", "a: b\n");
        using IDisposable? held = OddFiles.Make(kind, Path.Combine(folder.Path, "kustomization.yaml"));
        Run run = await OddFiles.RunAsync("lint", "--no-config", Path.Combine(folder.Path, "sub"));
        Assert.Equal((ExitCode.Clean, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("socket")]
    [InlineData("directory")]
    public async Task One_in_place_of_a_report_is_left_alone(string kind)
    {
        string policy = folder.Write("a.yaml", "a: b\n"), path = Path.Combine(folder.Path, "out");
        using IDisposable? held = OddFiles.Make(kind, path);
        Run run = await OddFiles.RunAsync("lint", "--no-config", "--report", $"json={path}", policy);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains($"{path}: cannot be written", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_an_end_is_read_to_the_limit_and_no_further()
    {
        string path = Path.Combine(folder.Path, "growing.yaml");
        using CancellationTokenSource end = new();
        await using FileStream growing = new(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        growing.Write("a: b\n"u8);
        growing.Flush();
        Task writing = Task.Run(() =>
        {
            while (!end.IsCancellationRequested && growing.Length < 50_000_000)
            {
                growing.Write("# more\n"u8);
                growing.Flush();
            }
        });
        Run run = await OddFiles.RunAsync("lint", "--no-config", "--max-file-bytes", "5000", path);
        await end.CancelAsync();
        await writing;
        Assert.InRange(run.ExitCode, ExitCode.Clean, ExitCode.Trouble);
    }

    [Fact]
    public async Task Standard_output_may_be_named_for_a_report()
    {
        string policy = folder.Write("a.yaml", "a: b\n");
        Run run = await OddFiles.RunAsync("lint", "--no-config", "--report", "json=/dev/null", policy);
        Assert.Equal((ExitCode.Clean, ""), (run.ExitCode, run.Error));
    }

    private async Task AssertRefusedAsync(string kind, string words, string name, params string[] flags)
    {
        string policy = folder.Write("a.yaml", "a: b\n");
        using IDisposable? held = OddFiles.Make(kind, Path.Combine(folder.Path, name));
        Run run = await OddFiles.RunAsync(["lint", .. flags, policy]);
        if (kind is "directory" or "nothing" or "ring" && flags.Length == 0)
        {
            Assert.InRange(run.ExitCode, ExitCode.Clean, ExitCode.Trouble);
            return;
        }

        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains(name, run.Error, StringComparison.Ordinal);
        Assert.True(run.Error.Contains(words, StringComparison.Ordinal) || run.Error.Contains("leads out of", StringComparison.Ordinal) || run.Error.Contains("there is no baseline", StringComparison.Ordinal), run.Error);
    }
}
