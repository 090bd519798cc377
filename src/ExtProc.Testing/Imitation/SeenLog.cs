using Microsoft.Extensions.Logging;

namespace ExtProc.Testing.Imitation;

/// <summary>Keeps warnings and errors for the play's result.</summary>
internal sealed class SeenLog<T>(Seen seen) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            seen.LogList.Add($"{formatter(state, exception)}{(exception is null ? "" : $": {exception.Message}")}");
        }
    }
}
