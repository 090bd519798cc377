using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ExtProc.Telemetry;

/// <summary>
/// The program's log: one line an event, <c>time level category: message</c>, to standard error. Exchange lines go to standard output,
/// after the time alone, so that a pipe gets them and nothing else. Times are UTC, in ISO 8601, to the millisecond.
/// </summary>
internal sealed class LineLog(LineWriter events, LineWriter exchanges, TimeProvider time) : ILoggerProvider
{
    // The host's number for what its caller is told as well, and says in a sentence.
    private const int HostFailedToStart = 11;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        // The writers belong to the program, which flushes them when the last line is written.
    }

    private sealed class Category(LineLog log, string name) : ILogger
    {
        private readonly bool _isExchanges = name == ExchangeLog.Category;

        // The framework's own news (requests, connections, hosting) is noise here below a warning.
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

            string message = OneLine(formatter(state, exception));
            if (_isExchanges)
            {
                log.Exchange(message);
                return;
            }

            log.Event($"{logLevel.ToString().ToLowerInvariant()} {_shortName}: {message}{(exception is null ? "" : $": {OneLine(exception.ToString())}")}");
        }
    }

    private void Event(string line) => events.Write($"{Now} {line}");

    private void Exchange(string line) => exchanges.Write($"{Now} {line}");

    private string Now => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string OneLine(string text) => text.ReplaceLineEndings(" | ");
}
