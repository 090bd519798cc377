using System.Globalization;
using System.Text;
using ExtProc.Configuration;
using Microsoft.Extensions.Logging;

namespace ExtProc.Telemetry;

/// <summary>
/// One line for each exchange, in <c>key=value</c> pairs that programs split at blanks: values with blanks or signs are quoted.
/// Holds no body, no query, and of the header values only the request's id. docs/logs.md says how to read it.
/// </summary>
internal sealed class ExchangeLog(ILoggerFactory loggers, ExtProcOptions options)
{
    /// <summary>The logger's name, by which the lines can be sent elsewhere.</summary>
    public const string Category = "ExtProc.Exchanges";

    /// <summary>Letters that are shown of a value; the rest is left out.</summary>
    internal const int LongestText = 200;

    /// <summary>How the line calls each <see cref="ExchangePhase"/>.</summary>
    internal static IReadOnlyList<string> PhaseNames { get; } = ["rqh", "rqb", "rqt", "rsh", "rsb", "rst"];

    private readonly ILogger _log = loggers.CreateLogger(Category);

    /// <summary>Whether to fill a summary at all.</summary>
    public bool IsOn { get; } = options.LogExchanges;

    /// <summary>Writes the line. Never waits.</summary>
    public void Write(in ExchangeSummary exchange)
    {
        if (IsOn && _log.IsEnabled(LogLevel.Information))
        {
            _log.Log(LogLevel.Information, new EventId(1, "Exchange"), Line(exchange), null, static (line, _) => line);
        }
    }

    /// <summary>The line, such as <c>7f3a POST /orders status=200 request=12>14B response=0>0B times=rqh:0.1ms changed=request_body ended=ended in=3.2ms</c>.</summary>
    internal static string Line(in ExchangeSummary exchange)
    {
        StringBuilder line = new(200);
        line.Append(CultureInfo.InvariantCulture, $"{RequestId(exchange.Id)} {Quoted(Cut(exchange.Method ?? "-"))} {Quoted(PathOf(exchange.Path))} status={exchange.Status?.ToString(CultureInfo.InvariantCulture) ?? "-"}");
        line.Append(CultureInfo.InvariantCulture, $" request={exchange.RequestBytes.In}>{exchange.RequestBytes.Out}B response={exchange.ResponseBytes.In}>{exchange.ResponseBytes.Out}B");
        line.Append(" times=");
        AppendTimes(line, exchange.Times);
        line.Append(" changed=").Append(exchange.Changes is ExchangeChanges.None ? "-" : Names(exchange.Changes));
        var end = exchange.Completion;
        line.Append(CultureInfo.InvariantCulture, $" ended={Snake(end.Outcome.ToString())}");
        if (end.Processor is { } processor)
        {
            line.Append(" by=").Append(Quoted(processor));
        }

        if (!string.IsNullOrEmpty(end.Reason))
        {
            line.Append(" reason=").Append(Quoted(Cut(end.Reason)));
        }

        if (exchange.Notes is { Count: > 0 } notes)
        {
            line.Append(" notes=").Append(Quoted(Cut(string.Join("; ", notes))));
        }

        return line.Append(" in=").Append(Milliseconds(end.Duration)).ToString();
    }

    /// <summary>A request's id as it stands first in a line: one word, or quoted; a dash when it was not seen.</summary>
    internal static string RequestId(string? id) => Quoted(Cut(id is { Length: > 0 } ? id : "-"));

    private static void AppendTimes(StringBuilder line, PhaseTimes times)
    {
        int start = line.Length;
        for (int phase = 0; phase < PhaseNames.Count; phase++)
        {
            if (times[phase] > TimeSpan.Zero)
            {
                line.Append(line.Length == start ? "" : ",").Append(PhaseNames[phase]).Append(':').Append(Milliseconds(times[phase]));
            }
        }

        line.Append(line.Length == start ? "-" : "");
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0##}ms");

    private static string Names(ExchangeChanges changes) =>
        string.Join(',', Enum.GetValues<ExchangeChanges>().Where(one => one is not ExchangeChanges.None && changes.HasFlag(one)).Select(one => Snake(one.ToString())));

    private static string Snake(string name) => Configuration.Reading.ConfigKey.UpperSnake(name).ToLowerInvariant();

    private static string PathOf(string? path)
    {
        string shown = path is null ? "-" : path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? $"{path[..query]}?..." : path;
        return Cut(shown);
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : $"{text[..LongestText]}...";

    // A peer chooses these texts: nothing in them may look like another field, or like another line.
    private static string Quoted(string text) => text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 && !text.Contains('"', StringComparison.Ordinal) && !text.Contains('=', StringComparison.Ordinal)
        ? text
        : $"\"{string.Concat(text.Select(letter => letter is >= ' ' and <= '~' and not '"' and not '\\' ? letter.ToString() : $"\\u{(int)letter:x4}"))}\"";
}
