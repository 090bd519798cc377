namespace ExtProc.Memory;

/// <summary>
/// Has old garbage collected before it is much. What ended calls leave behind has survived a collection or two, and the runtime
/// collects the oldest generation only when the heap has grown by a multiple: on top of a memory budget that is in use, that is too
/// much. The one place that asks for full collections.
/// </summary>
internal sealed class GarbageWatch
{
    // Below this much, a full collection costs more than it frees.
    private const long LeastBytes = 8 << 20;

    // So that collections leave half of the time to others, and more where they are short.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private readonly long mostBytes;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly ITimer later;

    // Of the last full collection: how many there had been with it, what it left, when it ended, and when the next may come.
    private int collections;
    private long leftBytes, endedAt;
    private TimeSpan pause;

    /// <param name="limitBytes">The budget, an eighth of which may be garbage.</param>
    /// <param name="time">The clock.</param>
    public GarbageWatch(long limitBytes, TimeProvider time)
    {
        (mostBytes, this.time) = (Math.Max(LeastBytes, limitBytes / 8), time);
        WeakReference<GarbageWatch> self = new(this);
        later = time.CreateTimer(_ => Of(self)?.CollectIfMuch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = new Sentinel(self);
    }

    /// <summary>Collects everything, and gives the memory back to the system: for a process that has nothing else to do.</summary>
    public void GiveBack()
    {
        lock (gate)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            Collected(TimeSpan.Zero);
        }
    }

    private static GarbageWatch? Of(WeakReference<GarbageWatch> self) => self.TryGetTarget(out GarbageWatch? watch) ? watch : null;

    private void CollectIfMuch()
    {
        lock (gate)
        {
            if (GC.CollectionCount(GC.MaxGeneration) != collections)
            {
                Collected(TimeSpan.Zero);
            }
            else if (GrownBytes() < mostBytes)
            {
                return;
            }
            else if (time.GetElapsedTime(endedAt) is var since && since < pause)
            {
                later.Change(pause - since, Timeout.InfiniteTimeSpan);
            }
            else
            {
                long began = time.GetTimestamp();
                GC.Collect(GC.MaxGeneration, IsMuchEmpty() ? GCCollectionMode.Aggressive : GCCollectionMode.Forced, blocking: true, compacting: true);
                Collected(time.GetElapsedTime(began));
            }
        }
    }

    // Memory that the heap has from the system and does not use; only the aggressive mode gives it back.
    private bool IsMuchEmpty() => GC.GetGCMemoryInfo(GCKind.Any) is var last && last.TotalCommittedBytes - last.HeapSizeBytes >= mostBytes * 2;

    private long GrownBytes() => GC.GetTotalMemory(forceFullCollection: false) - leftBytes;

    private void Collected(TimeSpan took)
    {
        (collections, leftBytes, endedAt) = (GC.CollectionCount(GC.MaxGeneration), GC.GetTotalMemory(forceFullCollection: false), time.GetTimestamp());
        pause = took > Interval ? took : Interval;
    }

    /// <summary>Garbage from the beginning: the runtime finalizes it after the next collection, of whichever generation.</summary>
    private sealed class Sentinel(WeakReference<GarbageWatch> watch)
    {
        ~Sentinel()
        {
            if (!Environment.HasShutdownStarted && Of(watch) is { } watching)
            {
                watching.CollectIfMuch();
                _ = new Sentinel(watch);
            }
        }
    }
}
