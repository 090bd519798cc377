using ExtProc.Configuration;
using ExtProc.Configuration.Binding;
using ExtProc.Health;
using ExtProc.Telemetry;
using ExtProc.Transport;
using ExtProc.Transport.Connections;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting;

/// <summary>
/// Begins and ends the service of a host in the order that loses no exchange. Begin: ports open, then health says SERVING. End:
/// <list type="number">
/// <item>health says NOT_SERVING and <c>/ready</c> 503, while new streams are still taken for <see cref="DrainOptions.Delay"/>;</item>
/// <item>Kestrel closes its ports and sends GOAWAY; exchanges in flight finish, those too that came before their Envoy heard of it;</item>
/// <item>a connection that has had no exchange for a moment is closed;</item>
/// <item>after <see cref="DrainOptions.Timeout"/> what is left ends UNAVAILABLE, never OK: OK tells Envoy to go on without us;</item>
/// <item>the admin port closes, last because its service was registered first.</item>
/// </list>
/// </summary>
internal sealed class Drain(
    ExtProcOptions options, Readiness readiness, HealthStatuses health, CallGuard calls, ConnectionGuard connections, Interrupts interrupts, OwnListeners own, TimeProvider time, ILogger<Drain> log) : IHostedLifecycleService
{
    // How long the host may take after the time to finish: the last statuses leave, connections and the admin port close.
    private static readonly TimeSpan AfterTheLast = TimeSpan.FromSeconds(5), Again = TimeSpan.FromMilliseconds(25);

    // A stream may be on its way while GOAWAY is, so a connection without one is not over at once.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    // How long to look for exchanges that go on although they were ended: their handler keeps its thread, or its completion hook does.
    private static readonly TimeSpan LastStatuses = TimeSpan.FromSeconds(2);

    // How long the app's own checks may take to say whether it is well at the start.
    private static readonly TimeSpan FirstChecks = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _ending = Task.CompletedTask;

    /// <summary>The longest that an end in order takes; a host's own limit must not be shorter.</summary>
    public static TimeSpan Longest(DrainOptions drain) => drain.Delay + drain.Timeout + AfterTheLast;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        health.SetNotServing();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        readiness.Start();
        _ = PublishAsync();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Drain();
        health.SetNotServing();
        TimeSpan delay = interrupts.NoDelay.IsCancellationRequested ? TimeSpan.Zero : options.Drain.Delay;
        log.Draining(InFlight, Quantity.Format(delay), Quantity.Format(options.Drain.Timeout));
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.NoDelay);
        await Task.Delay(delay, time, cut.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        calls.Leaving = true;
        own.BeginStop();

        // Beside the servers' own stop, which waits for what this ends.
        _ending = EndAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The server has stopped. With Kestrel its ports are closed and its connections gone; others leave calls alone.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _closed.TrySetResult();
        await _ending.ConfigureAwait(false);
        log.Stopped();
    }

    // The first to watch would otherwise hear of it half a minute later. Those who ask run the checks themselves.
    private async Task PublishAsync()
    {
        using CancellationTokenSource late = new(FirstChecks, time);
        try
        {
            await health.PublishAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The publisher of the health checks goes on.
        }

        if (!readiness.IsReady)
        {
            health.SetNotServing();
        }
    }

    private int InFlight => calls.Calls.Count;

    private bool IsClosed => _closed.Task.IsCompleted;

    private async Task EndAsync()
    {
        await UntilClosedAsync(options.Drain.Timeout, EndIdle, interrupts.AtOnce).ConfigureAwait(false);
        if (InFlight > 0)
        {
            log.DrainTimedOut(InFlight);
        }

        // Again and again: a stream may have been on its way while the others ended, and a status needs a moment to leave.
        await UntilClosedAsync(LastStatuses, EndAll, CancellationToken.None).ConfigureAwait(false);
        if (InFlight > 0)
        {
            log.LeftBehind(InFlight);
        }

        connections.WakeAll();
    }

    // Watches of health, also those that have begun since, and connections.
    private void EndIdle()
    {
        calls.Calls.EndHandedOver(StatusCode.Unavailable, "the server is stopping");
        connections.WakeQuiet(Quiet);
    }

    private void EndAll()
    {
        calls.Calls.EndAll(StatusCode.Unavailable, "the server is stopping and the time to finish is over");
        connections.WakeQuiet(Quiet);
    }

    private async Task UntilClosedAsync(TimeSpan longest, Action look, CancellationToken cut)
    {
        for (long began = time.GetTimestamp(); !(IsClosed && InFlight == 0) && !cut.IsCancellationRequested && time.GetElapsedTime(began) < longest;)
        {
            look();
            await (IsClosed ? NextLookAsync() : Task.WhenAny(_closed.Task, NextLookAsync())).ConfigureAwait(false);
        }
    }

    private Task NextLookAsync() => Task.Delay(Again, time, CancellationToken.None);
}
