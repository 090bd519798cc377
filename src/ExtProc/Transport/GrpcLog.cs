using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>
/// Everything the transport logs. A peer's reset is how most calls end: it is not here. How a call failed is the handler's to tell.
/// </summary>
internal static partial class GrpcLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method}: the handler failed")]
    public static partial void HandlerFailed(this ILogger log, string method, Exception cause);

    [LoggerMessage(2, LogLevel.Debug, "{Method}: ended with {Code}: {Reason}")]
    public static partial void Ended(this ILogger log, string method, StatusCode code, string reason);

    [LoggerMessage(3, LogLevel.Information, "{Method}: refused: {Reason}")]
    public static partial void Refused(this ILogger log, string method, string reason);

    [LoggerMessage(5, LogLevel.Warning, "refused before gRPC, from {Peer}: {What}; {Cure}{Untold}")]
    public static partial void RefusedBelowGrpc(this ILogger log, string peer, string what, string cure, string untold);

    [LoggerMessage(6, LogLevel.Warning, "transport.maxConnections is {Wanted}, and the system lets this process open {OpenFiles} files: {Max} connections are taken; raise the limit of open files (ulimit -n, LimitNOFILE, the container runtime's default), or lower the setting")]
    public static partial void FewerConnections(this ILogger log, int wanted, long? openFiles, int max);

    [LoggerMessage(4, LogLevel.Warning, "the memory budget is scarce: {UsedBytes} of {LimitBytes} bytes (transport.memoryBudgetBytes); {Ended} calls that held much of it were ended")]
    public static partial void OverBudget(this ILogger log, long usedBytes, long limitBytes, int ended);

    [LoggerMessage(8, LogLevel.Warning, "the memory budget is scarce (transport.memoryBudgetBytes): {Count} connections from which the peer had read nothing for a second were closed")]
    public static partial void BlockedConnections(this ILogger log, int count);

    [LoggerMessage(9, LogLevel.Error, "a mistake in what keeps the memory budget; it begins anew")]
    public static partial void ReliefFailed(this ILogger log, Exception cause);

    [LoggerMessage(7, LogLevel.Warning, "the memory budget is scarce: streams that their peer does not end hold {Bytes} of {LimitBytes} bytes (transport.memoryBudgetBytes); their connection, from {Peer}, was closed")]
    public static partial void UnfinishedStreams(this ILogger log, long bytes, long limitBytes, System.Net.EndPoint? peer);
}
