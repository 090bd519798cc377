using ExtProc.Memory;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>
/// The memory of everything that waits, over all connections. Windows bound one stream and one connection; this bounds the process.
/// It counts the blocks that Kestrel has rented (requests that nobody has read yet, responses that nobody has taken yet, sockets' own
/// buffers) and what handlers say they hold. At four fifths of the limit new calls are refused, so that those that run have room;
/// beyond the limit the calls behind which the most has piled up are ended.
/// </summary>
internal sealed class TransportBudget(long limitBytes, int streamWindowBytes, TimeProvider time, ILogger<TransportBudget> log) : IMemoryBudget
{
    private const int MiB = 1024 * 1024;

    // What an ordinary exchange may need to go on: a chunk or two.
    private const long SmallBytes = 256 * 1024;

    // How soon the next calls are ended if ending the first ones freed too little.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private LargeArrays? largeArrays;
    private long usedBytes;
    private int relieving;

    /// <inheritdoc/>
    public long LimitBytes { get; } = limitBytes;

    /// <inheritdoc/>
    public LargeArrays LargeArrays => LazyInitializer.EnsureInitialized(ref largeArrays, () => new(LimitBytes, () => LimitBytes - UsedBytes));

    /// <summary>What is in use now; may pass the limit for a moment.</summary>
    public long UsedBytes => Volatile.Read(ref usedBytes);

    /// <summary>Whether new calls are refused.</summary>
    public bool Exhausted => UsedBytes > RefuseAboveBytes;

    /// <summary>Whether memory is getting scarce, so that small pieces should do.</summary>
    public bool Scarce => UsedBytes > LimitBytes / 2;

    /// <summary>The calls that run now.</summary>
    public LiveCalls Calls { get; } = new();

    /// <summary>A quarter of the memory that the process may use (a container's limit counts), 64 MiB to 1 GiB.</summary>
    public static long DefaultLimitBytes() => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 64 * MiB, 1024 * MiB);

    /// <summary>Says that memory was taken. It never waits and never fails: who asks for more work asks <see cref="Exhausted"/> first.</summary>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref usedBytes, bytes) > LimitBytes && Interlocked.Exchange(ref relieving, 1) == 0)
        {
            // Not here: whoever rents may be in the middle of a connection's reading.
            _ = Task.Run(RelieveAsync);
        }
    }

    /// <inheritdoc/>
    public void Return(long bytes) => Interlocked.Add(ref usedBytes, -bytes);

    /// <summary>What the status of a call says that had to end.</summary>
    public string UsedUp => $"the server's memory budget of {LimitBytes} bytes is used up";

    /// <summary>
    /// Beyond the limit those must end that hold more than their part of it; beyond it by a quarter, all that hold more than
    /// <see cref="SmallBytes"/>; far beyond it, all that ask for more.
    /// </summary>
    public bool MustGiveWay(long heldBytes) => UsedBytes switch
    {
        var used when used <= LimitBytes => false,
        var used when used <= LimitBytes / 4 * 5 => heldBytes > Math.Max(SmallBytes, LimitBytes / Math.Max(1, Calls.Count)),
        var used when used <= LimitBytes / 2 * 3 => heldBytes > SmallBytes,
        _ => true,
    };

    /// <summary>Why a new call cannot begin now; null when it can.</summary>
    public Refusal? Refusal() => Exhausted
        ? Transport.Refusal.Of(GrpcStatusCode.ResourceExhausted, $"{UsedUp}; try again later")
        : null;

    private async Task RelieveAsync()
    {
        while (UsedBytes is var used && used > LimitBytes)
        {
            int ended = EndLargest(used - RefuseAboveBytes);
            log.OverBudget(used, LimitBytes, ended);
            await Task.Delay(Patience, time, CancellationToken.None).ConfigureAwait(false);
        }

        Volatile.Write(ref relieving, 0);
    }

    private int EndLargest(long wantedBytes)
    {
        var largestFirst = Calls.Snapshot()
            .Where(call => call.Verdict is null)
            .Select(call => (call, bytes: call.Reader.PiledUpBytes + call.Memory.HeldBytes + (call.Reader.Waiting ? 0 : streamWindowBytes)))
            .Where(held => held.bytes > 0)
            .OrderByDescending(held => held.bytes);
        int ended = 0;
        foreach ((HttpGrpcCall call, long bytes) in largestFirst)
        {
            if (wantedBytes <= 0)
            {
                break;
            }

            call.End(GrpcStatusCode.ResourceExhausted, UsedUp);
            wantedBytes -= bytes;
            ended++;
        }

        return ended;
    }

    private long RefuseAboveBytes => LimitBytes / 5 * 4;
}
