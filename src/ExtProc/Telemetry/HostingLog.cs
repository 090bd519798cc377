using Microsoft.Extensions.Logging;

namespace ExtProc.Telemetry;

/// <summary>What the host logs: its beginning and its end. Durations are written as in the configuration: <c>10s</c>.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(10, LogLevel.Information, "listening on {Addresses} (HTTP/2), pipeline: {Pipeline}")]
    public static partial void Listening(this ILogger log, string addresses, string pipeline);

    [LoggerMessage(11, LogLevel.Information, "admin on {Address}: /live and /ready")]
    public static partial void AdminListening(this ILogger log, string address);

    [LoggerMessage(12, LogLevel.Warning, "{Problem}")]
    public static partial void ConfigWarning(this ILogger log, string problem);

    [LoggerMessage(13, LogLevel.Information, "stopping: health says NOT_SERVING, {Exchanges} exchanges are in flight; new ones are taken for {Delay} (drain.delay), then all have {Time} to finish (drain.timeout)")]
    public static partial void Draining(this ILogger log, int exchanges, string delay, string time);

    [LoggerMessage(21, LogLevel.Information, "{Signal} is ignored: a new configuration is read by a restart, SIGTERM ends the server without losing an exchange")]
    public static partial void SignalIgnored(this ILogger log, string signal);

    [LoggerMessage(22, LogLevel.Warning, "{Signal} ends the server")]
    public static partial void SignalEnds(this ILogger log, string signal);

    [LoggerMessage(14, LogLevel.Warning, "the time to finish is over: {Exchanges} exchanges end UNAVAILABLE")]
    public static partial void DrainTimedOut(this ILogger log, int exchanges);

    [LoggerMessage(15, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(16, LogLevel.Error, "a handler has kept its thread for more than {Limit} (limits.handlerTimeout) without an await: its exchange is reset, and the thread is lost while it goes on")]
    public static partial void HandlerBlocks(this ILogger log, string limit);

    [LoggerMessage(18, LogLevel.Warning, "processor \"{Processor}\" failed in the rehearsal before the ports open, and may in exchanges too ({Failure}: {Message}); if only a rehearsal disturbs it, have it look at Exchange.IsRehearsal")]
    public static partial void FailedInRehearsal(this ILogger log, string processor, string failure, string message);

    [LoggerMessage(19, LogLevel.Warning, "the rehearsal did not end within {Limit} (rehearsal.timeout): the ports open without it, and the first exchanges are slower")]
    public static partial void RehearsalTimedOut(this ILogger log, string limit);

    [LoggerMessage(20, LogLevel.Warning, "the rehearsal did not work: the ports open without it, and the first exchanges are slower: {Message}")]
    public static partial void RehearsalFailed(this ILogger log, string message);

    [LoggerMessage(23, LogLevel.Information, "{Endpoint} of this app answers health checks; map none to have ext_proc's own, with List")]
    public static partial void HealthIsTheApps(this ILogger log, string endpoint);

    [LoggerMessage(24, LogLevel.Warning, "this app serves ext_proc on a Kestrel that is not set up for it: {Problem}; builder.WebHost.UseExtProcTransport() sets it, for all ports of the app, or have ext_proc listen on ports of its own (listen)")]
    public static partial void KestrelDoesNotFit(this ILogger log, string problem);

    [LoggerMessage(25, LogLevel.Warning, "ext_proc is mapped at {Path}, and Envoy asks for {Wanted}; map it in a group without a prefix")]
    public static partial void PathIsNotEnvoys(this ILogger log, string path, string wanted);

    [LoggerMessage(26, LogLevel.Information, "ext_proc is served on {Places}, pipeline: {Pipeline}")]
    public static partial void Mapped(this ILogger log, string places, string pipeline);

    [LoggerMessage(27, LogLevel.Warning, "{Pipeline} is served nowhere: map it with {Call}; the pipeline without a name can have ports of its own instead (listen)")]
    public static partial void ServedNowhere(this ILogger log, string pipeline, string call);

    [LoggerMessage(28, LogLevel.Warning, "ext_proc is mapped for port {Port} alone, and this app listens on {Addresses}")]
    public static partial void PortIsNotOpen(this ILogger log, int port, string addresses);

    [LoggerMessage(17, LogLevel.Error, "{Exchanges} exchanges have not ended, although they were asked to: their handlers are abandoned")]
    public static partial void LeftBehind(this ILogger log, int exchanges);
}
