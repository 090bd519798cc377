using Envoy.Runner.Search;

namespace ExtProc.EndToEnd.Envoys;

/// <summary>A command runs for as long as it gets on.</summary>
public sealed class WatchedCommandTests : IDisposable
{
    private readonly ToolRun tool = new();

    public void Dispose() => tool.Dispose();

    [Fact]
    public async Task It_is_given_up_when_it_only_talks_and_its_words_do_not_count()
    {
        CommandEnd end = await Command("while :; do echo retrying; /bin/sleep 0.1; done", isOutputProgress: false, patienceSeconds: 1).RunAsync(CancellationToken.None);

        Assert.Null(end.ExitCode);
        Assert.Contains("retrying", end.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo more", true)]
    [InlineData("echo more >> \"$(/usr/bin/dirname \"$0\")/grows\"", false)]
    public async Task It_runs_to_its_end_however_long_that_takes_while_it_gets_on(string step, bool isOutputProgress)
    {
        string script = $"i=0; while [ $i -lt 60 ]; do {step}; /bin/sleep 0.1; i=$((i + 1)); done";

        CommandEnd end = await Command(script, isOutputProgress, patienceSeconds: 4).RunAsync(CancellationToken.None);

        Assert.Equal(0, end.ExitCode);
    }

    private WatchedCommand Command(string script, bool isOutputProgress, int patienceSeconds) => new(tool.Write("command", script), [])
    {
        Folder = tool.Folder,
        IsOutputProgress = isOutputProgress,
        Patience = TimeSpan.FromSeconds(patienceSeconds),
    };
}
