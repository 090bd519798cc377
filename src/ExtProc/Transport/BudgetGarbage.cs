namespace ExtProc.Transport;

/// <summary>
/// Collects what ended calls have left while the memory budget is scarce: it has become old, and would come on top of what lives until the
/// next collection of everything. Asked by one caller.
/// </summary>
internal sealed class BudgetGarbage(TransportBudget budget, TimeProvider time)
{
    // So that collections leave the cores to others most of the time.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // What lives and is in no budget, as of the last collection.
    private long uncountedBytes;
    private long collectedAt;

    /// <summary>Collects if a quarter of the budget or more is garbage, as far as one sees from outside.</summary>
    public void CollectIfMuch()
    {
        if (UncountedBytes() - uncountedBytes < budget.LimitBytes / 4 || (collectedAt != 0 && time.GetElapsedTime(collectedAt) < Interval))
        {
            return;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        (uncountedBytes, collectedAt) = (UncountedBytes(), time.GetTimestamp());
    }

    private long UncountedBytes() => Math.Max(0, GC.GetTotalMemory(forceFullCollection: false) - budget.UsedBytes);
}
