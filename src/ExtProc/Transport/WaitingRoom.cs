namespace ExtProc.Transport;

/// <summary>
/// The new calls for which there is no room in the memory budget. They wait a moment for it, while the largest make it: those of connections
/// that have few here before those of others. Few of each connection wait, and few in all, for what waits holds memory too. A few calls of
/// connections that hold next to nothing are let in all the same: others fill the budget, and they need not wait until those have gone.
/// From any thread.
/// </summary>
internal sealed class WaitingRoom(TransportBudget budget, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    // Which part of the budget may wait in all; of one connection before that; and of one when so much waits.
    private const int MostPart = 8, ConnectionPart = 64, ConnectionPartWhenFull = 1024;

    // Which part of the budget calls may take that are let in beyond it.
    private const int PartBeyond = 16;

    private readonly Lock gate = new();
    private readonly List<Waiting> calls = [];
    private long waitingBytes;
    private int beyond;

    /// <summary>Whether anybody waits.</summary>
    public bool IsInUse
    {
        get
        {
            lock (gate)
            {
                return calls.Count > 0;
            }
        }
    }

    /// <summary>Waits for room; false when there is none, or the call was ended.</summary>
    public ValueTask<bool> WaitAsync(HttpGrpcCall call)
    {
        Waiting waiting = new(call, time.GetTimestamp());
        lock (gate)
        {
            if (!HasPlace(call))
            {
                return new(false);
            }

            Count(call, call.StreamBytes);
            calls.Add(waiting);
        }

        return new(waiting.Admitted.Task);
    }

    /// <summary>Lets in those for whom there is room now, and sends away those who wait for too long or hold too much. One caller.</summary>
    public void Look()
    {
        long roomBytes = budget.LimitBytes - budget.UsedBytes;
        lock (gate)
        {
            Waiting[] inTurn = [.. calls.OrderBy(waiting => waiting.Call.Connection?.WaitingBytes ?? 0)];
            calls.Clear();
            calls.AddRange(inTurn.Where(waiting => !TrySettle(waiting, ref roomBytes)));
        }
    }

    /// <summary>A call is over.</summary>
    public void Forget(HttpGrpcCall call)
    {
        if (call.IsBeyondBudget)
        {
            lock (gate)
            {
                beyond--;
            }
        }
    }

    private bool TrySettle(Waiting waiting, ref long roomBytes)
    {
        HttpGrpcCall call = waiting.Call;
        bool mustGo = call.Verdict is not null || time.GetElapsedTime(waiting.Since) > Longest || budget.HasTooMuchToWait(call);
        if (!mustGo && roomBytes <= 0 && !TryLetInBeyond(call))
        {
            return false;
        }

        roomBytes -= mustGo ? 0 : TransportBudget.SmallBytes;
        Count(call, -call.StreamBytes);
        waiting.Admitted.TrySetResult(!mustGo);
        return true;
    }

    private bool TryLetInBeyond(HttpGrpcCall call)
    {
        if (!budget.HoldsNextToNothing(call.Connection) || (beyond + 1) * TransportBudget.SmallBytes > budget.LimitBytes / PartBeyond)
        {
            return false;
        }

        beyond++;
        return call.IsBeyondBudget = true;
    }

    private bool HasPlace(HttpGrpcCall call)
    {
        long all = waitingBytes + call.StreamBytes, ofConnection = call.StreamBytes + (call.Connection?.WaitingBytes ?? 0);
        return ofConnection <= budget.LimitBytes / (all <= budget.LimitBytes / MostPart ? ConnectionPart : ConnectionPartWhenFull);
    }

    private void Count(HttpGrpcCall call, long bytes)
    {
        waitingBytes += bytes;
        if (call.Connection is { } connection)
        {
            connection.WaitingBytes += bytes;
        }
    }

    private sealed record Waiting(HttpGrpcCall Call, long Since)
    {
        public TaskCompletionSource<bool> Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
