using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExtProc.Transport.Refusals;

/// <summary>
/// Hears what Kestrel says, at Debug and to nobody, when it refuses a stream or a connection before there is a request to give to us.
/// Two of its categories are open for this provider alone; they are silent while all goes well, so a good stream costs nothing.
/// </summary>
/// <remarks>
/// It hears nothing in a host whose logger factory is not the framework's and passes nothing on to providers. Of HTTP/1.1 and TLS on a
/// port for cleartext HTTP/2 Kestrel tells only those who listen to its general category, which has two events a stream.
/// </remarks>
internal sealed class KestrelEvents : ILoggerProvider
{
    public const string Http2 = "Microsoft.AspNetCore.Server.Kestrel.Http2", BadRequests = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    // Kestrel's numbers.
    private const int BadRequest = 17, ConnectionError = 29, StreamError = 30, HeaderBlockError = 31, StreamReset = 35;

    /// <summary>Who is told; nobody until the server is set up.</summary>
    public TransportRefusals? Listener { get; set; }

    /// <summary>Opens the two categories, for this provider only.</summary>
    public static void Hear(ILoggingBuilder logging, KestrelEvents events) => logging.AddProvider(events)
        .AddFilter<KestrelEvents>(null, LogLevel.None)
        .AddFilter<KestrelEvents>(Http2, LogLevel.Debug)
        .AddFilter<KestrelEvents>(BadRequests, LogLevel.Debug);

    public ILogger CreateLogger(string categoryName) => categoryName is Http2 or BadRequests ? new Category(this, categoryName is Http2) : NullLogger.Instance;

    public void Dispose()
    {
        // Holds nothing.
    }

    private sealed class Category(KestrelEvents events, bool isHttp2) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (events.Listener is { } listener && WhatWasRefused(eventId.Id, state, exception) is { } what)
            {
                listener.Add(what, ConnectionOf(state));
            }
        }

        private string? WhatWasRefused<TState>(int id, TState state, Exception? exception) => (isHttp2, id) switch
        {
            // Our own resets, for handlers that keep their thread, are INTERNAL_ERROR.
            (true, StreamReset) => Find(state, "error") == "PROTOCOL_ERROR" ? exception?.Message : null,
            (true, ConnectionError or StreamError or HeaderBlockError) => exception?.Message,
            (false, BadRequest) => exception?.Message,
            _ => null,
        };

        // A trace id is the connection's id, a colon, and the stream's number.
        private static string? ConnectionOf<TState>(TState state) => Find(state, "ConnectionId") ?? Find(state, "TraceIdentifier")?.Split(':')[0];

        private static string? Find<TState>(TState state, string name) =>
            (state as IEnumerable<KeyValuePair<string, object?>>)?.FirstOrDefault(value => value.Key == name).Value?.ToString();
    }
}
