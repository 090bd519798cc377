using ExtProc.Memory;
using ExtProc.Transport.Connections;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>
/// The memory of everything that waits, over all connections. Windows bound one stream and one connection; this bounds the process.
/// It counts the blocks that Kestrel has rented (requests that nobody has read yet, responses that nobody has taken yet, sockets' own
/// buffers) and what handlers say they hold. From four fifths of the limit on, large calls that make no progress are ended; beyond the
/// limit the largest are ended whatever they do, and a new call waits a moment for room before it is refused.
/// </summary>
internal sealed class TransportBudget : IMemoryBudget
{
    /// <summary>What an ordinary exchange may need to go on: a chunk or two.</summary>
    public const long SmallBytes = 256 * 1024;

    private const int MiB = 1024 * 1024;

    private readonly BudgetRelief relief;
    private long usedBytes;

    public TransportBudget(long limitBytes, GrpcTransportOptions options, TimeProvider time, ILogger<TransportBudget> log)
    {
        (LimitBytes, OwnsProcess) = (limitBytes, options.OwnsProcess);
        Garbage = new GarbageWatch(limitBytes, () => UsedBytes, time);
        LargeArrays = new LargeArrays(() => LimitBytes - UsedBytes);
        Blocked = new BlockedConnections(time);
        Unfinished = new UnfinishedStreams(this, time);
        Untaken = new UntakenAnswers(this, time);
        Waiting = new WaitingRoom(this, time);
        relief = new BudgetRelief(this, options, time, log);
    }

    /// <inheritdoc/>
    public long LimitBytes { get; }

    /// <summary>Whether the process is this server's alone: <see cref="GrpcTransportOptions.OwnsProcess"/>.</summary>
    public bool OwnsProcess { get; }

    /// <inheritdoc/>
    public LargeArrays LargeArrays { get; }

    /// <summary>What is not used any more and still takes memory.</summary>
    public GarbageWatch Garbage { get; }

    /// <summary>What is in use now; may pass the limit for a moment.</summary>
    public long UsedBytes => Volatile.Read(ref usedBytes);

    /// <summary>Whether there is no room for a new call.</summary>
    public bool Exhausted => UsedBytes >= LimitBytes;

    /// <summary>Whether so much is in use that large calls which make no progress must end.</summary>
    public bool Pressed => UsedBytes > LimitBytes / 5 * 4;

    /// <summary>Whether memory is getting scarce, so that small pieces should do.</summary>
    public bool Scarce => UsedBytes > LimitBytes / 2;

    /// <summary>What one connection may have between its socket and HTTP/2, each way: no call answers for it, so many must fit.</summary>
    public long ConnectionShareBytes => Math.Max(64 * 1024, LimitBytes / 1024);

    /// <summary>The calls that run now.</summary>
    public LiveCalls Calls { get; } = new();

    /// <summary>What had to be done to keep it.</summary>
    public ReliefCounts Relief { get; } = new();

    /// <summary>The connections whose peers read nothing.</summary>
    public BlockedConnections Blocked { get; }

    /// <summary>The new calls for which there is no room.</summary>
    public WaitingRoom Waiting { get; }

    /// <summary>What is left of calls that have ended.</summary>
    public UnfinishedStreams Unfinished { get; }

    /// <summary>The answers that wait for their peers.</summary>
    public UntakenAnswers Untaken { get; }

    /// <summary>What the status of a call says that had to end.</summary>
    public string UsedUp => MemoryBudgetException.UsedUp(LimitBytes);

    /// <summary>A quarter of the memory that the process may use (a container's limit counts), 64 MiB to 1 GiB.</summary>
    public static long DefaultLimitBytes() => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 64 * MiB, 1024 * MiB);

    /// <summary>Says that memory was taken. It never waits and never fails: who asks for more work asks for room first.</summary>
    public void Take(long bytes)
    {
        Interlocked.Add(ref usedBytes, bytes);
        if (Pressed)
        {
            relief.Begin();
        }
    }

    /// <inheritdoc/>
    public void Return(long bytes) => Interlocked.Add(ref usedBytes, -bytes);

    /// <inheritdoc/>
    public void LetGo(long bytes)
    {
        Return(bytes);
        if (OwnsProcess)
        {
            Garbage.LetGo(bytes);
        }
    }

    /// <summary>
    /// Beyond the limit <see cref="BudgetRelief"/> chooses who must end. Where that is not soon enough, beyond it by an eighth, those must end
    /// that hold more than their part of it; beyond it by a quarter, all that hold more than <see cref="SmallBytes"/>; beyond it by half, than an
    /// eighth of those; far beyond it, all that ask for more.
    /// </summary>
    public bool MustGiveWay(long heldBytes) => UsedBytes switch
    {
        var used when used <= LimitBytes / 8 * 9 => false,
        var used when used <= LimitBytes / 4 * 5 => heldBytes > Math.Max(SmallBytes, LimitBytes / Math.Max(1, Calls.Count)),
        var used when used <= LimitBytes / 2 * 3 => heldBytes > SmallBytes,
        var used when used <= LimitBytes * 2 => heldBytes > SmallBytes / 8,
        _ => true,
    };

    // What a call may have before it begins while there is no room for it: as much as the window takes, so long as <see cref="BudgetRelief"/>
    // keeps up; then enough for headers and a piece of body, and less the less there is, unless its connection holds next to nothing. One that
    // holds much already waits no more.
    private long MostOfNewBytes(GuardedConnection? connection) => UsedBytes switch
    {
        var used when used <= LimitBytes / 8 * 9 => long.MaxValue,
        _ when connection?.StreamBytes + connection?.UntakenBytes > LimitBytes / 8 => 0,
        var used when used <= LimitBytes / 4 * 5 || HoldsNextToNothing(connection) => 128 * 1024,
        var used when used <= LimitBytes / 8 * 11 => 32 * 1024,
        _ => 16 * 1024,
    };

    /// <summary>Whether a connection holds so little that what others hold should not be its trouble.</summary>
    public bool HoldsNextToNothing(GuardedConnection? connection) => connection is not null && connection.StreamBytes + connection.UntakenBytes <= ConnectionShareBytes;

    /// <summary>Whether a call that waits for room has so much that it is better refused.</summary>
    public bool HasTooMuchToWait(HttpGrpcCall call) => call.StreamBytes + call.Reader.Look() > MostOfNewBytes(call.Connection);

    /// <summary>Waits a moment for room for a new call, while the largest make it; false when there is none, or the call was ended.</summary>
    public ValueTask<bool> HasRoomAsync(HttpGrpcCall call)
    {
        if (!Exhausted)
        {
            return new(true);
        }

        ValueTask<bool> room = Waiting.WaitAsync(call);
        relief.Begin();
        return room;
    }
}
