using PolicyValidator.Cli;

namespace PolicyValidator.Tests.Cli;

public sealed class LintCommandInputTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_without_ext_proc_is_listed_clean()
    {
        string path = folder.Write("a.yaml", "a: b\n");
        Run run = Run.Of("lint", path);
        Assert.Equal(ExitCode.Clean, run.ExitCode);
        Assert.Contains($"{path}: clean", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Directories_are_walked_for_yaml_yml_and_json_in_order()
    {
        foreach (string name in (string[])["b.yaml", "a/c.json", "a/b.YML", "skip.txt", ".git/x.yaml", "z.yaml.bak"])
        {
            folder.Write(name, "{}");
        }

        string[] lines = Run.Of("lint", folder.Path).Output.Split('\n');
        string[] found = [.. lines.Where(line => line.Contains(": clean", StringComparison.Ordinal)).Select(line => Path.GetRelativePath(folder.Path, line[..line.IndexOf(": clean", StringComparison.Ordinal)]))];
        Assert.Equal(["a/b.YML", "a/c.json", "b.yaml"], found);
    }

    [Fact]
    public void Links_to_files_are_followed_and_rings_of_directories_are_not()
    {
        string target = folder.Write("real.txt", "a: b\n");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link.yaml"), target);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "ring"), folder.Path);
        Run run = Run.Of("lint", folder.Path);
        Assert.Equal(ExitCode.Clean, run.ExitCode);
        Assert.Contains("link.yaml: clean", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ring", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_exit_code_2_after_the_others_are_reported()
    {
        string good = folder.Write("good.yaml", "a: b\n"), latin = folder.Write("latin.yaml", [0x61, 0x3A, 0x20, 0xE9, 0x0A]);
        string big = folder.Write("big.yaml", new string('#', 2000));
        Run run = Run.Of("lint", "--max-file-bytes", "1000", Path.Combine(folder.Path, "missing.yaml"), latin, big, good);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains($"{good}: clean", run.Output, StringComparison.Ordinal);
        Assert.Contains("missing.yaml: ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{latin}: not UTF-8: byte 3 is 0xE9", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{big}: larger than the limit of 1000 bytes", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flag")]
    [InlineData("setting")]
    public void Files_beyond_the_limit_of_all_are_exit_code_2_and_the_others_are_reported(string way)
    {
        string[] paths = [.. Enumerable.Range(0, 4).Select(at => folder.Write($"{at}.yaml", "a: " + new string('b', 1000) + "\n"))];
        folder.Write(".policy-validator.yaml", way == "setting" ? "maxTotalBytes: 2500\n" : "");
        Run run = Run.Of(["lint", .. way == "flag" ? (string[])["--max-total-bytes", "2500"] : [], folder.Path]);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains("nothing found in 2 files", run.Output, StringComparison.Ordinal);
        Assert.All(paths[2..], path => Assert.Contains($"{path}: with it there are more than 2500 bytes in all; --max-total-bytes raises that", run.Error, StringComparison.Ordinal));
    }

    /// <summary>Nothing in such a file speaks of ext_proc to who does not decode it.</summary>
    [Fact]
    public void A_secret_in_a_folder_is_judged_by_what_its_base64_says()
    {
        string filter = Convert.ToBase64String("\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n"u8);
        folder.Write("secret.yaml", $"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  filter: {filter}\n");
        Run run = Run.Of("lint", "--no-config", folder.Path);
        Assert.Equal(ExitCode.Findings, run.ExitCode);
        Assert.Contains("secret.yaml:5:3: error", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_read_for_a_dash() =>
        Assert.Contains("-: clean", Run.WithInput("a: b\n", "lint", "-").Output, StringComparison.Ordinal);
}
