using ExtProc.Configuration;
using ExtProc.Configuration.Binding;
using ExtProc.Pipeline;
using ExtProc.Session;
using ExtProc.Telemetry;
using Google.Protobuf;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExtProc.Hosting.Rehearsal;

/// <summary>
/// Plays exchanges through the pipeline before the server opens its ports: the first exchange of a fresh process costs a tenth of a
/// second of loading and compiling, and Envoy waits for 200 ms by default. Runs to its end, or to its deadline, whatever goes wrong:
/// a rehearsal that fails keeps no server from serving. What goes wrong is said once.
/// </summary>
internal sealed class Rehearser(ExtProcOptions options, PipelinePlan plan, TimeProvider time, ILogger<Rehearser> log) : IHostedService
{
    private readonly RehearsalFailures _failures = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        TimeSpan limit = options.Rehearsal.Timeout;
        if (limit == TimeSpan.Zero)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(limit, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await RehearseAsync(ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.RehearsalTimedOut(Quantity.Format(limit));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.RehearsalFailed(failure.Message);
        }

        foreach ((string processor, Exception failure) in _failures.First())
        {
            log.FailedInRehearsal(processor, failure.GetType().Name, failure.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RehearseAsync(CancellationToken cancellation)
    {
        // Nothing behind log and counters: nobody wants to know what nobody sent.
        ExchangeService exchanges = new(plan, new ExchangeLog(NullLoggerFactory.Instance, options), ExchangeCounters.None, NullLogger<ExchangeService>.Instance) { Rehearsal = _failures };
        RehearsalStage stage = await RehearsalStage.OpenAsync(options.Transport, exchanges, cancellation).ConfigureAwait(false);
        try
        {
            using RehearsalClient client = await RehearsalClient.ConnectAsync(stage.Address, cancellation).ConfigureAwait(false);
            foreach (RehearsalExchange exchange in RehearsalScript.Of(options.Envoy))
            {
                await PlayAsync(client, exchange, cancellation).ConfigureAwait(false);
            }

            await AskHealthAsync(client, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await CloseAsync(stage, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task PlayAsync(RehearsalClient client, RehearsalExchange exchange, CancellationToken cancellation)
    {
        await client.CallAsync(ExternalProcessorService.Path, cancellation).ConfigureAwait(false);
        foreach (byte[] message in exchange.Messages.Select(message => message.ToByteArray()))
        {
            await client.SendAsync(message, end: false, cancellation).ConfigureAwait(false);
            if (exchange.IsAnswered)
            {
                await client.AnswerAsync(cancellation).ConfigureAwait(false);
            }

            if (exchange.EndsByReset && !client.IsOver)
            {
                await client.ResetAsync(cancellation).ConfigureAwait(false);
            }

            if (client.IsOver)
            {
                return;
            }
        }

        await client.HalfCloseAsync(cancellation).ConfigureAwait(false);
        await client.EndAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task AskHealthAsync(RehearsalClient client, CancellationToken cancellation)
    {
        await client.CallAsync("/grpc.health.v1.Health/Check", cancellation).ConfigureAwait(false);
        await client.SendAsync(new HealthCheckRequest { Service = ExternalProcessorService.Name }.ToByteArray(), end: true, cancellation).ConfigureAwait(false);
        await client.EndAsync(cancellation).ConfigureAwait(false);
    }

    // A handler that does not end would hold the end of its server up, and so the beginning of this one.
    private static async Task CloseAsync(RehearsalStage stage, CancellationToken cancellation)
    {
        Task closing = stage.DisposeAsync().AsTask();
        await closing.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
