using ExtProc.Configuration.Binding;
using ExtProc.Telemetry;
using ExtProc.Transport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting;

/// <summary>
/// Resets exchanges whose handler keeps its thread for longer than it may: one that never awaits cannot be told to end, and its own
/// exchange's deadline runs on the thread that it blocks. Looks once a second.
/// </summary>
internal sealed class HandlerWatch(CallGuard calls, TimeProvider time, ILogger<HandlerWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        using CancellationTokenRegistration stopped = stoppingToken.Register(timer.Dispose); // which ends the wait without an exception
        while (await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            foreach (HttpGrpcCall call in calls.Calls.Snapshot())
            {
                if (call.BusySince is var since and not 0 && time.GetElapsedTime(since) > call.BusyLimit && call.TryAbort())
                {
                    log.HandlerBlocks(Quantity.Format(call.BusyLimit));
                }
            }
        }
    }
}
