using System.Diagnostics.Metrics;

namespace ExtProc.Transport;

/// <summary>By which rule the memory budget was kept.</summary>
internal enum ReliefRule
{
    /// <summary>A call that held much was ended.</summary>
    LargeCall,

    /// <summary>A call that held little was ended, because nothing else helped.</summary>
    SmallCall,

    /// <summary>A connection was closed whose peer leaves streams open that have ended.</summary>
    UnfinishedStreams,

    /// <summary>A connection was closed whose peer reads nothing.</summary>
    BlockedConnection,

    /// <summary>A new call found no room.</summary>
    NoRoom,
}

/// <summary>How often each rule was applied. From any thread.</summary>
internal sealed class ReliefCounts
{
    private static readonly string[] Names = ["large_call", "small_call", "unfinished_streams", "blocked_connection", "no_room"];

    private readonly long[] counts = new long[Names.Length];

    /// <summary>Counts.</summary>
    public void Add(ReliefRule rule, int times = 1) => Interlocked.Add(ref counts[(int)rule], times);

    /// <summary>The counts, each with its rule's name.</summary>
    public IEnumerable<Measurement<long>> Measurements() =>
        Names.Select((name, at) => new Measurement<long>(Volatile.Read(ref counts[at]), new KeyValuePair<string, object?>("rule", name)));
}
