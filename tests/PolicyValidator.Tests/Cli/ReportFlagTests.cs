using PolicyValidator.Cli;

namespace PolicyValidator.Tests.Cli;

public sealed class ReportFlagTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_report_goes_to_a_file_beside_the_one_that_is_printed()
    {
        string path = folder.Write("a.yaml", "a: b\n"), sarif = Path.Combine(folder.Path, "a.sarif"), junit = Path.Combine(folder.Path, "a.xml");
        Run run = Run.Of("lint", path, "--report", $"sarif={sarif}", $"--report=junit={junit}");
        Assert.Equal(ExitCode.Clean, run.ExitCode);
        Assert.StartsWith($"{path}: clean", run.Output, StringComparison.Ordinal);
        Assert.StartsWith("{", File.ReadAllText(sarif), StringComparison.Ordinal);
        Assert.StartsWith("<?xml", File.ReadAllText(junit), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_cannot_be_written_is_exit_code_2()
    {
        Run run = Run.Of("lint", folder.Write("a.yaml", "a: b\n"), "--report", $"json={folder.Path}/missing/a.json");
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains("a.json: cannot be written", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sarif")]
    [InlineData("sarif=")]
    [InlineData("xml=a")]
    public void What_is_not_a_format_and_a_file_is_refused(string value) =>
        Assert.Contains("use FORMAT=FILE", Run.Of("lint", "x", "--report", value).Error, StringComparison.Ordinal);
}
