namespace ExtProc.Transport;

/// <summary>
/// Says when a process holds much more memory than after its last full collection, and has so little to do that the next would not come:
/// what an hour of load has left behind stays with it otherwise. Asked now and then, by one caller.
/// </summary>
internal sealed class IdleGarbage
{
    // Below this much, a full collection costs more than it frees.
    private const long WorthBytes = 32 * 1024 * 1024;

    // What a process that has something to do does since the last question: blocks rented, collections of the youngest generation.
    private const long BusyRents = 10_000;
    private const int BusyCollections = 3;

    private long leastBytes;
    private long rents;
    private int collections;

    /// <summary>Whether to collect now.</summary>
    /// <param name="rentCount">How many blocks were ever rented.</param>
    public bool IsWorthCollecting(long rentCount)
    {
        (long rentsBefore, int collectionsBefore) = (rents, collections);
        (rents, collections) = (rentCount, GC.CollectionCount(0));
        return rents - rentsBefore < BusyRents && collections - collectionsBefore < BusyCollections && Environment.WorkingSet - leastBytes > WorthBytes;
    }

    /// <summary>Takes note of what cannot be freed.</summary>
    public void Collected() => (leastBytes, collections) = (Environment.WorkingSet, GC.CollectionCount(0));
}
