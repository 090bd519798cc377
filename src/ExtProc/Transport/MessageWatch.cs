using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace ExtProc.Transport;

/// <summary>
/// Ends calls whose peer takes too long to send a message that it has begun, or the first of a call; a large one may take so long for
/// each piece, because a link may be slow. Only checks that find the server waiting for the peer count: while it does not read, the peer
/// may be unable to send. Also resets answers that the peer does not take. Checks once a second.
/// </summary>
internal sealed class MessageWatch(TransportBudget budget, GrpcTransportOptions options, TimeProvider time) : BackgroundService
{
    /// <summary>How much of a large message must come in the time that a message may take.</summary>
    public const int PieceBytes = 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int mostLooks = (int)(options.MessageTimeout / Interval);
        string late = $"a message, or another MiB of a larger one, was not here after {options.MessageTimeout.TotalSeconds:0.###} s (transport.messageTimeout)";
        using var timer = new PeriodicTimer(Interval, time);
        using CancellationTokenRegistration stopped = stoppingToken.Register(timer.Dispose); // which ends the wait without an exception
        while (await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            budget.Unfinished.ReturnOverdue();
            budget.Untaken.EndStuck(options.MessageTimeout);
            foreach (HttpGrpcCall call in budget.Calls.Snapshot())
            {
                if (call.LooksInMessage() > mostLooks)
                {
                    call.End(StatusCode.Aborted, late);
                }
            }
        }
    }
}
