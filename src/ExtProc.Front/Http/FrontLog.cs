using ExtProc.Front.Filter;
using Microsoft.Extensions.Logging;

namespace ExtProc.Front.Http;

/// <summary>What is logged.</summary>
internal static partial class FrontLog
{
    [LoggerMessage(1, LogLevel.Warning, "exchange {Exchange}: the ext_proc server failed it or left it ({Outcome}): {Details}")]
    public static partial void ServerFailed(this ILogger log, string exchange, FilterOutcome outcome, string details);

    [LoggerMessage(2, LogLevel.Warning, "exchange {Exchange}: the ext_proc server does not keep to the protocol: {What}")]
    public static partial void Violated(this ILogger log, string exchange, string what);
}
