using ExtProc.Telemetry;

namespace ExtProc.Tests.Hosting;

public class LineWriterTests
{
    [Fact]
    public async Task Lines_come_out_in_order_and_all_of_them_before_the_end()
    {
        StringWriter output = new() { NewLine = "\n" };
        await using (LineWriter lines = new(output, TimeProvider.System))
        {
            for (int line = 0; line < 1000; line++)
            {
                lines.Write($"{line}");
            }
        }

        Assert.Equal(string.Concat(Enumerable.Range(0, 1000).Select(line => $"{line}\n")), output.ToString());
    }

    [Fact]
    public async Task An_output_that_nobody_reads_makes_nobody_wait_and_what_was_lost_is_told()
    {
        StalledWriter output = new();
        LineWriter lines = new(output, TimeProvider.System);
        for (int line = 0; line < 10_000; line++)
        {
            lines.Write("x");
        }

        output.GoOn.SetResult();
        await lines.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Contains(output.Lines, line => line.EndsWith("lines were dropped: they came faster than they could be written", StringComparison.Ordinal));
    }

    private sealed class StalledWriter : StringWriter
    {
        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Lines { get; } = [];

        public override async Task WriteLineAsync(string? value)
        {
            await GoOn.Task;
            Lines.Add(value!);
        }
    }
}
