using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>
/// Makes room while too much of the memory budget is in use. Those give first who hold most (<see cref="GivingOrder"/>) and make no progress,
/// call by call; a connection is closed where that frees nothing.
/// </summary>
internal sealed class BudgetRelief(TransportBudget budget, GrpcTransportOptions options, TimeProvider time, ILogger log)
{
    // A call without a piece of a block has no block; one with a piece has a whole one.
    private const long BlockBytes = BlockPool.SmallBlockBytes;

    // How soon is looked again. What a call held is free some milliseconds after its end.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    // How long an answer may stand still while there is no room.
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200);

    // How long an ended call may take to go before somebody else must make room for it: thousands may go at once.
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(5);

    // Calls that hold more than an ordinary exchange needs (TransportBudget.SmallBytes) make room first. Smaller ones end only when nothing else
    // has helped: soon where one connection has many of them, then those of more than a chunk, and after half a second those that stand still.
    private const long ChunkBytes = 64 * 1024;
    private const int ManyPart = 8, FruitlessRoundsOfMany = 2, FruitlessRoundsOfChunks = 12, MostFruitlessRounds = 20;

    // What streams that their peer does not end may hold of the budget on one connection; and where nothing else makes room.
    private const int UnfinishedPart = 8, UnfinishedPartAtLast = 32;

    // How often it is told.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    // How long is looked on after there is room: what has ended goes in its own time, and somebody may still wait.
    private const int RoundsAfterwards = 40;

    private readonly object pause = new(); // which nobody ends
    private int running, fruitlessRounds;

    /// <summary>
    /// Begins to look, if nobody does. Not in the caller's thread: who takes memory may be in the middle of a connection's reading. Nor in
    /// one of the pool: where memory runs out, thousands of calls wait for those.
    /// </summary>
    public void Begin()
    {
        if (Volatile.Read(ref running) == 0 && Interlocked.Exchange(ref running, 1) == 0)
        {
            _ = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private void Run()
    {
        try
        {
            LookAfterRoom();
        }
        catch (Exception failed)
        {
            log.ReliefFailed(failed);
        }
        finally
        {
            Volatile.Write(ref running, 0); // so that whoever takes memory next begins anew
        }

        if (budget.Waiting.IsInUse)
        {
            Begin(); // somebody came at the last moment
        }
    }

    private void LookAfterRoom()
    {
        (long toldAt, long most, int untold) = (time.GetTimestamp(), 0, 0);
        for (int roundsLeft = RoundsAfterwards; roundsLeft > 0;)
        {
            most = Math.Max(most, budget.UsedBytes);
            untold += MakeRoom();
            Pause();
            budget.Waiting.Look();
            roundsLeft = budget.Pressed ? RoundsAfterwards : roundsLeft - 1;
            if (untold > 0 && (roundsLeft == 0 || time.GetElapsedTime(toldAt) >= Silence))
            {
                log.OverBudget(most, budget.LimitBytes, untold);
                (toldAt, most, untold) = (time.GetTimestamp(), 0, 0);
            }
        }
    }

    // Not a timer's: its callback would wait for a thread of the pool.
    private void Pause()
    {
        lock (pause)
        {
            Monitor.Wait(pause, Interval);
        }
    }

    // How many calls were ended.
    private int MakeRoom()
    {
        budget.Untaken.EndStuck(CallLoad.Stuck);
        CloseUnfinished(UnfinishedPart);
        if (!budget.Pressed)
        {
            return 0;
        }

        // Down to three quarters, so that there is room for a while.
        long wantedBytes = budget.UsedBytes - (budget.LimitBytes / 4 * 3);
        List<CallLoad> loads = Loads(ref wantedBytes);
        return budget.Exhausted ? MakeRoomAtOnce(loads, wantedBytes)
            : End(loads.Where(load => load.StandsStill && load.Bytes > TransportBudget.SmallBytes), ref wantedBytes);
    }

    // What is cheapest for all comes first: calls that hold much and stand still, others that hold much, then what no call answers for any more.
    private int MakeRoomAtOnce(List<CallLoad> loads, long wantedBytes)
    {
        int ended = End(loads.Where(load => load.Bytes > TransportBudget.SmallBytes && load.StandsStill), ref wantedBytes);
        ended += End(loads.Where(load => load.Bytes > TransportBudget.SmallBytes && !load.StandsStill), ref wantedBytes);
        if (wantedBytes > 0)
        {
            budget.Untaken.EndStuck(Idle);
            wantedBytes -= CloseUnfinished(UnfinishedPartAtLast);
            wantedBytes -= CloseBlocked(wantedBytes);
        }

        fruitlessRounds = wantedBytes > 0 ? fruitlessRounds + 1 : 0;
        return ended + EndSmall([.. loads.Where(load => load.Call.Verdict is null)], wantedBytes);
    }

    // No more of them than makes the calls that are left fit: what nobody can free is no reason to end those who hold little.
    private int EndSmall(List<CallLoad> loads, long wantedBytes)
    {
        wantedBytes = Math.Min(wantedBytes, loads.Sum(load => load.Bytes) - (budget.LimitBytes / 4 * 3));
        int ended = fruitlessRounds < FruitlessRoundsOfMany ? 0
            : End(OfConnectionsWith(loads, budget.LimitBytes / ManyPart), ref wantedBytes);
        ended += fruitlessRounds < FruitlessRoundsOfChunks ? 0
            : End(OfConnectionsWith(loads, MeanOfConnections(loads)).Where(load => load.Bytes > ChunkBytes), ref wantedBytes);
        ended += fruitlessRounds < MostFruitlessRounds ? 0
            : End(loads.Where(load => load.StandsStill && load.Call.HasBegun), ref wantedBytes);
        return ended;
    }

    private static IEnumerable<CallLoad> OfConnectionsWith(List<CallLoad> loads, long leastBytes) =>
        loads.GroupBy(load => load.Connection).Where(calls => calls.Sum(load => load.Bytes) >= leastBytes).SelectMany(calls => calls);

    // Where many connections fill the budget with calls of less than a chunk, those of a chunk are the others', whose connections hold less.
    private static long MeanOfConnections(List<CallLoad> loads) =>
        loads.Sum(load => load.Bytes) / Math.Max(1, loads.DistinctBy(load => load.Connection).Count());

    // Who leaves its streams open when they have ended fills the budget with nothing: nobody can end these but by the connection.
    private long CloseUnfinished(int part)
    {
        long all = 0;
        while (budget.Unfinished.CloseLargest(budget.LimitBytes / part) is (> 0 and var bytes, var peer))
        {
            budget.Relief.Add(ReliefRule.UnfinishedStreams);
            log.UnfinishedStreams(bytes, budget.LimitBytes, peer);
            all += bytes;
        }

        return all;
    }

    // What waits for a peer that reads nothing is kept even when its calls are reset.
    private long CloseBlocked(long wantedBytes)
    {
        (int count, long bytes) = wantedBytes > 0 ? budget.Blocked.Close(CallLoad.Stuck, wantedBytes, budget.ConnectionShareBytes) : default;
        if (count > 0)
        {
            budget.Relief.Add(ReliefRule.BlockedConnection, count);
            log.BlockedConnections(count);
        }

        return bytes;
    }

    // The calls that can be ended; without what is on its way out there is less to make room for.
    private List<CallLoad> Loads(ref long wantedBytes)
    {
        List<CallLoad> loads = [];
        foreach (HttpGrpcCall call in budget.Calls.Snapshot())
        {
            TimeSpan idle = call.Progress.IdleSince(call.ProgressCount, time);
            long bytes = BytesOf(call, idle);
            if (call.Verdict is null)
            {
                loads.Add(new(call, bytes, idle));
            }
            else if (idle < Leaving && call.Connection is not { IsBlocked: true })
            {
                wantedBytes -= bytes;
            }
        }

        return loads;
    }

    // Those of them that were not ended before.
    private int End(IEnumerable<CallLoad> loads, ref long wantedBytes)
    {
        if (wantedBytes <= 0)
        {
            return 0;
        }

        int ended = 0;
        foreach ((HttpGrpcCall call, long bytes, _) in GivingOrder.Of(loads.Where(load => load.Call.Verdict is null)))
        {
            call.EndAndFree(StatusCode.ResourceExhausted, budget.UsedUp);
            budget.Relief.Add(bytes > TransportBudget.SmallBytes ? ReliefRule.LargeCall : ReliefRule.SmallCall);
            wantedBytes -= bytes;
            ended++;
            if (wantedBytes <= 0)
            {
                break;
            }
        }

        return ended;
    }

    // What is known of it, and what may be: that its window is full while it stands still. For less long it may only wait for a core.
    private long BytesOf(HttpGrpcCall call, TimeSpan idle)
    {
        long piledUp = call.Reader.PiledUpBytes;
        long known = call.StreamBytes + call.Memory.HeldBytes + (piledUp == 0 ? 0 : Math.Max(piledUp, BlockBytes));
        long unread = call.HasBegun && !call.IsHandedOver && !call.Reader.Waiting && idle >= CallLoad.Stuck ? options.StreamWindowBytes : 0;
        return Math.Max(known + unread + call.Writer.Untaken.Bytes, BlockBytes);
    }
}
