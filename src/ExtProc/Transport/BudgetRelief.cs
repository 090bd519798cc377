using System.Net;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>
/// Ends calls while too much of the memory budget is in use: the largest first, so that those who filled it pay for it and their
/// neighbours go on. Below the limit only those end that make no progress.
/// </summary>
internal sealed class BudgetRelief(TransportBudget budget, GrpcTransportOptions options, TimeProvider time, ILogger log)
{
    // A call without a piece of a block has no block; one with a piece has a whole one.
    private const long BlockBytes = BlockPool.SmallBlockBytes;

    // How soon is looked again. What a call held is free some milliseconds after its end.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    // A call that did nothing for so long does not read what came for it; for longer, it makes no progress.
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200), Stuck = TimeSpan.FromSeconds(1);

    // What makes a call one of those that must make room. Smaller ones end only when that has not helped for half a second, the idlest first.
    private const long LargeBytes = 64 * 1024;
    private const int MostFruitlessRounds = 20;

    // How often it is told.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    // How long is looked after the garbage of those that were ended.
    private const int RoundsAfterwards = 40;

    private readonly BudgetGarbage garbage = new(budget, time);
    private int running, fruitlessRounds;

    /// <summary>Begins to look, if nobody does. Not in the caller's thread: who takes memory may be in the middle of a connection's reading.</summary>
    public void Begin()
    {
        if (Volatile.Read(ref running) == 0 && Interlocked.Exchange(ref running, 1) == 0)
        {
            _ = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        (long toldAt, long most, int untold) = (time.GetTimestamp(), 0, 0);
        for (int roundsLeft = RoundsAfterwards; roundsLeft > 0;)
        {
            most = Math.Max(most, budget.UsedBytes);
            untold += budget.Pressed ? EndLargest(budget.UsedBytes) : 0;
            CloseUnfinished();
            budget.Untaken.EndStuck(budget.Exhausted ? Idle : Stuck);
            if (budget.Exhausted && budget.Blocked.Close(Stuck) is > 0 and var blocked)
            {
                log.BlockedConnections(blocked);
            }

            await Task.Delay(Interval, time, CancellationToken.None).ConfigureAwait(false);
            garbage.CollectIfMuch();
            roundsLeft = budget.Pressed ? RoundsAfterwards : roundsLeft - 1;
            if (untold > 0 && (roundsLeft == 0 || time.GetElapsedTime(toldAt) >= Silence))
            {
                log.OverBudget(most, budget.LimitBytes, untold);
                (toldAt, most, untold) = (time.GetTimestamp(), 0, 0);
            }
        }

        Volatile.Write(ref running, 0);
    }

    // Who leaves its streams open when they have ended fills the budget with nothing: nobody can end these but by the connection.
    private void CloseUnfinished()
    {
        (long bytes, EndPoint? peer) = budget.Unfinished.CloseLargest(budget.LimitBytes / (budget.Exhausted ? 32 : 8));
        if (bytes > 0)
        {
            log.UnfinishedStreams(bytes, budget.LimitBytes, peer);
        }
    }

    // Down to three quarters, so that there is room for a while.
    private int EndLargest(long usedBytes)
    {
        long wantedBytes = usedBytes - (budget.LimitBytes / 4 * 3);
        List<(HttpGrpcCall Call, long Bytes, TimeSpan Idle)> loads = [];
        foreach (HttpGrpcCall call in budget.Calls.Snapshot())
        {
            TimeSpan idle = call.Progress.IdleSince(call.ProgressCount, time);
            long bytes = BytesOf(call, idle);
            if (call.Verdict is null)
            {
                loads.Add((call, bytes, idle));
            }
            else if (idle < Stuck)
            {
                wantedBytes -= bytes; // on its way out
            }
        }

        int ended = budget.Exhausted
            ? End(loads.Where(load => load.Bytes >= LargeBytes).OrderByDescending(load => load.Bytes), ref wantedBytes)
            : End(loads.Where(load => load.Idle >= Stuck && load.Bytes > TransportBudget.SmallBytes).OrderByDescending(load => load.Bytes), ref wantedBytes);
        fruitlessRounds = ended > 0 || !budget.Exhausted ? 0 : fruitlessRounds + 1;
        return fruitlessRounds < MostFruitlessRounds
            ? ended
            : End(loads.Where(load => load.Idle >= Stuck && load.Call.HasBegun).OrderByDescending(load => load.Idle), ref wantedBytes);
    }

    private int End(IEnumerable<(HttpGrpcCall Call, long Bytes, TimeSpan Idle)> calls, ref long wantedBytes)
    {
        int ended = 0;
        foreach ((HttpGrpcCall call, long bytes, _) in calls)
        {
            if (wantedBytes <= 0)
            {
                break;
            }

            call.EndAndFree(GrpcStatusCode.ResourceExhausted, budget.UsedUp);
            wantedBytes -= Math.Max(bytes, BlockBytes);
            ended++;
        }

        return ended;
    }

    // What is known of it, and what may be: that its window is full while it does nothing.
    private long BytesOf(HttpGrpcCall call, TimeSpan idle)
    {
        long piledUp = call.Reader.PiledUpBytes;
        long known = call.StreamBytes + call.Memory.HeldBytes + (piledUp == 0 ? 0 : Math.Max(piledUp, BlockBytes));
        long unread = call.HasBegun && !call.Reader.Waiting && idle >= Idle ? options.StreamWindowBytes : 0;
        return known + unread + call.Writer.Untaken.Bytes;
    }
}
