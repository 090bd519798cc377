namespace ExtProc.Transport;

/// <summary>
/// Says when a process holds much more memory than after its last full collection, and has so little to do that the next would not come:
/// what an hour of load has left behind stays with it otherwise. Asked now and then, by one caller.
/// </summary>
internal sealed class IdleGarbage
{
    // Below this much, a full collection costs more than it frees.
    private const long WorthBytes = 32 * 1024 * 1024;

    // Collections of the youngest generation since the last question in a process that has something to do.
    private const int BusyCollections = 3;

    private long leastBytes;
    private int collections;

    /// <summary>Whether to collect now.</summary>
    public bool IsWorthCollecting()
    {
        int before = collections;
        collections = GC.CollectionCount(0);
        return collections - before < BusyCollections && Environment.WorkingSet - leastBytes > WorthBytes;
    }

    /// <summary>Takes note of what cannot be freed.</summary>
    public void Collected() => (leastBytes, collections) = (Environment.WorkingSet, GC.CollectionCount(0));
}
