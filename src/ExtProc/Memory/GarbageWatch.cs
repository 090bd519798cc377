namespace ExtProc.Memory;

/// <summary>
/// Has old garbage collected before it is much, while the memory budget is in use. What ended calls leave behind has survived a collection
/// or two, and the runtime collects the oldest generation only when the heap has grown by a multiple: on top of the budget, that is too
/// much. The one place that asks for full collections. From any thread.
/// </summary>
internal sealed class GarbageWatch
{
    // Below this much, a full collection costs more than it frees.
    private const long LeastBytes = 8 << 20;

    // So that collections leave half of the time to others, and more where they are short.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private readonly long limitBytes;
    private readonly Func<long> usedBytes;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly ITimer later;
    private long letGoBytes;

    // Of the last full collection: how many there had been with it, what it left, when it ended, and when the next may come.
    private int collections;
    private long leftBytes, endedAt;
    private TimeSpan pause;

    // Of the budget, since then.
    private long mostUsedBytes;

    /// <param name="limitBytes">The budget, a sixteenth of which may be garbage.</param>
    /// <param name="usedBytes">What is in use of it now.</param>
    /// <param name="time">The clock.</param>
    public GarbageWatch(long limitBytes, Func<long> usedBytes, TimeProvider time)
    {
        (this.limitBytes, this.usedBytes, this.time) = (limitBytes, usedBytes, time);
        WeakReference<GarbageWatch> self = new(this);
        later = time.CreateTimer(_ => Of(self)?.CollectIfMuch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = new Sentinel(self);
    }

    // The heap may be that of a larger application, whose own memory says how much garbage is little.
    private long MostBytes => Math.Max(Math.Max(LeastBytes, limitBytes / 16), leftBytes / 16);

    /// <summary>Says that something became garbage which may be large, and is in no young generation then.</summary>
    public void LetGo(long bytes)
    {
        if (Interlocked.Add(ref letGoBytes, bytes) >= MostBytes)
        {
            CollectIfMuch();
        }
    }

    /// <summary>Collects everything, and gives the memory back to the system: for a process that has nothing else to do.</summary>
    public void GiveBack()
    {
        lock (gate)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            Collected(TimeSpan.Zero);
        }

        Pages.DiscardFreedNative();
    }

    private static GarbageWatch? Of(WeakReference<GarbageWatch> self) => self.TryGetTarget(out GarbageWatch? watch) ? watch : null;

    private void CollectIfMuch()
    {
        lock (gate)
        {
            mostUsedBytes = Math.Max(mostUsedBytes, usedBytes());
            if (GC.CollectionCount(GC.MaxGeneration) != collections)
            {
                Collected(TimeSpan.Zero);
            }
            else if (mostUsedBytes < limitBytes / 8 || (GrownBytes() < MostBytes && Volatile.Read(ref letGoBytes) < MostBytes))
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
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                Collected(time.GetElapsedTime(began));
            }
        }
    }

    private long GrownBytes() => GC.GetTotalMemory(forceFullCollection: false) - leftBytes;

    private void Collected(TimeSpan took)
    {
        (collections, leftBytes, endedAt) = (GC.CollectionCount(GC.MaxGeneration), GC.GetTotalMemory(forceFullCollection: false), time.GetTimestamp());
        pause = took > Interval ? took : Interval;
        mostUsedBytes = usedBytes();
        Volatile.Write(ref letGoBytes, 0);
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
