using System.Globalization;

namespace ExtProc.EndToEnd.Envoys;

/// <summary>How the results of all test projects are added up.</summary>
public sealed class SumTests : IDisposable
{
    private const string Ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    private readonly ToolRun tool = new();

    public void Dispose() => tool.Dispose();

    [Fact]
    public async Task Tests_that_wait_for_an_Envoy_are_listed_by_class_and_the_rest_decides()
    {
        Write("one", "0", ("Passed", ""), ("NotExecuted", "waits for an Envoy: there is no Envoy 1.40.0"));

        (int exitCode, IReadOnlyList<string> lines) = await tool.RunAsync(["sum", tool.Folder]);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("1 tests wait for an Envoy; ", lines[^3], StringComparison.Ordinal);
        Assert.Equal(["      1  Tests.Class1", "1 passed, 0 failed, 1 skipped"], lines.TakeLast(2));
    }

    [Theory]
    [InlineData("Passed", "Failed", "0", "1 passed, 1 failed, 0 skipped")]
    [InlineData("Passed", "NotExecuted", "0", "1 passed, 0 failed, 1 skipped")]
    [InlineData("Passed", "Passed", "1", "2 passed, 1 failed, 0 skipped")]
    public async Task A_failure_a_skip_and_an_early_end_fail_the_whole(string first, string second, string exit, string sum)
    {
        Write("one", exit, (first, ""), (second, "a reason of its own"));

        (int exitCode, IReadOnlyList<string> lines) = await tool.RunAsync(["sum", tool.Folder]);

        Assert.Equal((1, sum), (exitCode, lines[^1]));
    }

    [Fact]
    public async Task Nothing_that_ran_is_no_success() =>
        Assert.Equal(1, (await tool.RunAsync(["sum", tool.Folder])).ExitCode);

    private void Write(string project, string exit, params (string Outcome, string Message)[] results)
    {
        string Each(Func<int, string> text) => string.Concat(Enumerable.Range(0, results.Length).Select(text));
        string Id(int at) => new Guid(at, 0, 0, new byte[8]).ToString("D", CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(tool.Folder, $"{project}.exit"), exit);
        File.WriteAllText(Path.Combine(tool.Folder, $"{project}.trx"), $"""
            <TestRun xmlns="{Ns}">
              <Results>{Each(at => $"<UnitTestResult testId=\"{Id(at)}\" testName=\"{at}\" outcome=\"{results[at].Outcome}\"><Output><ErrorInfo><Message>{results[at].Message}</Message></ErrorInfo></Output></UnitTestResult>")}</Results>
              <TestDefinitions>{Each(at => $"<UnitTest id=\"{Id(at)}\"><TestMethod className=\"Tests.Class{at}\" /></UnitTest>")}</TestDefinitions>
            </TestRun>
            """);
    }
}
