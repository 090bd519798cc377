using Microsoft.AspNetCore.Http;

namespace ExtProc.Front.Transcripts;

/// <summary>
/// Writes down the messages of each exchange, for people: <c>options.Trace = new ExchangeTranscripts(Console.Out.Write).Of</c>. The
/// lines of an exchange come together, under its number, when it ends; of one that goes on for longer each second. <c>&gt;</c> is a
/// message to the server, <c>&lt;</c> one of its answers, <c>|</c> the end of its stream, <c>!</c> what Envoy refuses or ignores.
/// </summary>
/// <param name="write">
/// Takes some lines of one exchange, each ended by a line feed. Called by several threads, and while an exchange waits: it must not block.
/// </param>
/// <param name="time">The clock; null: the system's.</param>
public sealed class ExchangeTranscripts(Action<string> write, TimeProvider? time = null)
{
    private long _count;

    /// <summary>The transcript of one exchange.</summary>
    /// <param name="context">The exchange.</param>
    public IExchangeTrace Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string request = $"{context.Request.Method} {Http.RequestLines.PathOf(context.Request)}";
        return new ExchangeTranscript(Interlocked.Increment(ref _count), request, write, time ?? TimeProvider.System);
    }
}
