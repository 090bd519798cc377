using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ExtProc.Telemetry;

/// <summary>
/// The program's log: one line per event, <c>time level category: message</c>, to standard error. Exchange lines go to standard output,
/// after the time alone, so that a pipe gets them and nothing else. Times are UTC, in ISO 8601, to the millisecond. Lines are bounded
/// and printable (<see cref="LogText"/>), and of one kind only a few are written in a while (<see cref="LineKinds"/>).
/// </summary>
internal sealed class LineLog : ILoggerProvider
{
    // The host's event for an exception that its caller gets as well, and reports in a sentence.
    private const int HostFailedToStart = 11;

    private readonly LineWriter _events, _exchanges;
    private readonly LostLines _lost;
    private readonly TimeProvider _time;
    private readonly LineKinds _kinds;

    public LineLog(LineWriter events, LineWriter exchanges, LostLines lost, TimeProvider time)
    {
        (_events, _exchanges, _lost, _time) = (events, exchanges, lost, time);
        _kinds = new(time, line => Event($"warning {nameof(LineLog)}: {line}"));
        exchanges.Failed = why => Event($"error {nameof(LineLog)}: exchange lines are lost, for they cannot be written ({why}); tried again each second");
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <summary>Says what was counted and not written. The writers belong to the program, which flushes them when the last line is written.</summary>
    public void Dispose() => _kinds.Dispose();

    private void Event(string line) => _events.Write($"{Now} {LogText.Line(line)}");

    private void Exchange(string line) => _exchanges.Write($"{Now} {LogText.Line(line)}");

    private string Now => Stamp(_time.GetUtcNow());

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private bool MayTell(LineKind kind, string name, out DateTimeOffset? stackToldAt)
    {
        bool may = _kinds.MayTell(kind, name, out stackToldAt);
        if (!may)
        {
            _lost.Add(LostLines.Events, LostLines.Repeated);
        }

        return may;
    }

    private sealed class Category(LineLog log, string name) : ILogger
    {
        private readonly bool _isExchanges = name == ExchangeLog.Category;

        // Below warning, the framework's own events (requests, connections, hosting) are noise here.
        private readonly LogLevel _least = name.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Information;

        private readonly bool _isHost = name == "Microsoft.Extensions.Hosting.Internal.Host";

        private readonly string _shortName = name[(name.LastIndexOf('.') + 1)..];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || (_isHost && eventId.Id == HostFailedToStart))
            {
                return;
            }

            if (_isExchanges)
            {
                log.Exchange(formatter(state, exception));
                return;
            }

            if (!log.MayTell(KindOf(eventId, state, exception, out string about), $"{_shortName} {eventId.Name} {about}".TrimEnd(), out DateTimeOffset? stackToldAt))
            {
                return;
            }

            log.Event($"{logLevel.ToString().ToLowerInvariant()} {_shortName}: {formatter(state, exception)}{(exception is null ? "" : $": {Told(exception, stackToldAt)}")}");
        }

        private static string Told(Exception failure, DateTimeOffset? stackToldAt) =>
            FailureText.Of(failure, withStack: stackToldAt is null) + (stackToldAt is { } at ? $" (with its stack at {Stamp(at)})" : "");

        private LineKind KindOf<TState>(EventId id, TState state, Exception? failure, out string about)
        {
            about = state is IReadOnlyList<KeyValuePair<string, object?>> values
                ? string.Join(' ', values.Where(value => value.Key is "Processor" or "Reason" or "Problem").Select(value => value.Value))
                : "";
            return new(name, id.Id, about, failure is null ? 0 : FailureText.Place(failure));
        }
    }
}
