using ExtProc.Telemetry;
using ExtProc.Testing;
using Microsoft.Extensions.Logging;

namespace ExtProc.Tests.Telemetry;

/// <summary>The log of the program, line by line, on a clock that the test moves.</summary>
public sealed partial class LineLogTests : IDisposable
{
    private const int Many = 5000;

    private readonly ManualClock _clock = new();
    private readonly StringWriter _events = new() { NewLine = "\n" }, _exchanges = new() { NewLine = "\n" };

    public void Dispose()
    {
        _events.Dispose();
        _exchanges.Dispose();
    }

    [Fact]
    public async Task A_line_is_bounded_and_printable_in_both_logs()
    {
        string said = "\u001b[2J\u202e" + new string('x', 16_800_000), path = "\u001b[2J\u2028" + new string('x', 16_800_000);
        string[] lines = await LinesAsync(log =>
        {
            (ILogger any, ILogger exchanges) = (log.CreateLogger("ExtProc.Any"), log.CreateLogger(ExchangeLog.Category));
            Said(any, said);
            Path(exchanges, path);
        });

        string exchange = Assert.Single(_exchanges.ToString().TrimEnd('\n').Split('\n'));
        foreach (string line in (string[])[Assert.Single(lines), exchange])
        {
            Assert.InRange(line.Length, 4000, 4100);
            Assert.DoesNotContain(line, char.IsControl);
            Assert.Contains("\\u001b[2J\\u202", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_stack_of_a_place_is_written_once_and_what_follows_is_counted()
    {
        string[] lines = await LinesAsync(log =>
        {
            for (int times = 0; times < Many; times++)
            {
                Threw(log.CreateLogger("ExtProc.Any"), Thrown($"message {times}"));
            }
        });

        Assert.Equal(LineKinds.MostLines + 1, lines.Length);
        Assert.StartsWith("2000-01-01T00:00:00.000Z warning Any: it threw: System.InvalidOperationException: message 0 |    at ", lines[0], StringComparison.Ordinal);
        Assert.Equal("2000-01-01T00:00:00.000Z warning Any: it threw: System.InvalidOperationException: message 1 (with its stack at 2000-01-01T00:00:00.000Z)", lines[1]);
        Assert.EndsWith($"{Many - LineKinds.MostLines} more lines like this since 00:00:00", lines[^1], StringComparison.Ordinal);
        Assert.InRange(_events.ToString().Length, 0, 8000);
    }

    [Fact]
    public async Task Another_place_has_a_stack_and_a_count_of_its_own()
    {
        string[] lines = await LinesAsync(log =>
        {
            ILogger any = log.CreateLogger("ExtProc.Any");
            for (int times = 0; times < Many; times++)
            {
                Threw(any, Thrown("often"));
            }

            Threw(any, ThrownElsewhere("seldom"));
        });

        Assert.Contains(lines, line => line.Contains("seldom |    at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_reason_and_another_processor_are_kinds_of_their_own()
    {
        string[] lines = await LinesAsync(log =>
        {
            ILogger any = log.CreateLogger("ExtProc.Any");
            for (int times = 0; times < Many; times++)
            {
                Failed(any, "often", "one");
            }

            Failed(any, "seldom", "one");
            Failed(any, "often", "another");
        });

        Assert.Equal(LineKinds.MostLines + 3, lines.Length);
        Assert.Contains(lines, line => line.EndsWith("failed: seldom: one", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("failed: often: another", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kinds_that_are_invented_share_one_in_the_end()
    {
        string[] lines = await LinesAsync(log =>
        {
            for (int times = 0; times < Many; times++)
            {
                Failed(log.CreateLogger("ExtProc.Any"), $"reason_{times}", "one");
            }
        });

        Assert.InRange(lines.Length, 100, 300);
        Assert.Contains(lines, line => line.Contains("more lines like this", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_while_the_count_is_told_and_lines_are_written_again()
    {
        string[] lines = await LinesAsync(log =>
        {
            ILogger any = log.CreateLogger("ExtProc.Any");
            for (int times = 0; times < 15; times++)
            {
                Again(any, "again");
            }

            _clock.Advance(LineKinds.While + LineKinds.While);
            Again(any, "and again");
        });

        Assert.Equal(12, lines.Length);
        Assert.StartsWith("2000-01-01T00:00:10.000Z warning LineLog: Any", lines[10], StringComparison.Ordinal);
        Assert.EndsWith("5 more lines like this since 00:00:00", lines[10], StringComparison.Ordinal);
        Assert.Equal("2000-01-01T00:00:20.000Z warning Any: and again", lines[11]);
    }

    [Fact]
    public async Task Exchanges_are_each_written()
    {
        await LinesAsync(log =>
        {
            ILogger exchanges = log.CreateLogger(ExchangeLog.Category);
            for (int times = 0; times < 1000; times++)
            {
                Path(exchanges, "one");
            }
        });

        Assert.Equal(1000, _exchanges.ToString().Count(letter => letter == '\n'));
    }

    [Fact]
    public async Task A_chain_of_causes_and_its_messages_are_cut()
    {
        Exception chain = Thrown(new string('m', 100_000));
        for (int depth = 0; depth < 1000; depth++)
        {
            chain = new InvalidDataException(new string('n', 1000), chain);
        }

        string line = Assert.Single(await LinesAsync(log => Threw(log.CreateLogger("ExtProc.Any"), chain)));

        Assert.InRange(line.Length, 500, 4100);
    }

    private async Task<string[]> LinesAsync(Action<LineLog> act)
    {
        LostLines lost = new();
        await using (LineWriter events = new(_events, TimeProvider.System), exchanges = new(_exchanges, TimeProvider.System))
        {
            using LineLog log = new(events, exchanges, lost, _clock);
            act(log);
        }

        return _events.ToString().TrimEnd('\n').Split('\n');
    }

    private static InvalidOperationException Thrown(string message)
    {
        try
        {
            throw new InvalidOperationException(message);
        }
        catch (InvalidOperationException caught)
        {
            return caught;
        }
    }

    private static InvalidOperationException ThrownElsewhere(string message)
    {
        try
        {
            throw new InvalidOperationException(message);
        }
        catch (InvalidOperationException caught)
        {
            return caught;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "said {What}")]
    private static partial void Said(ILogger log, string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "path {What}")]
    private static partial void Path(ILogger log, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "it threw")]
    private static partial void Threw(ILogger log, Exception thrown);

    [LoggerMessage(Level = LogLevel.Warning, Message = "failed: {Reason}: {Processor}")]
    private static partial void Failed(ILogger log, string reason, string processor);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{When}")]
    private static partial void Again(ILogger log, string when);
}
