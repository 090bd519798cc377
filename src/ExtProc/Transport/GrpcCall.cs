using ExtProc.Memory;

namespace ExtProc.Transport;

/// <summary>
/// Answers one call. Returning is the status OK, a <see cref="GrpcException"/> is its status, and an
/// <see cref="OperationCanceledException"/> after the peer's reset is a normal end.
/// </summary>
internal delegate Task GrpcHandler(GrpcReader reader, GrpcWriter writer, GrpcCall call);

/// <summary>What a handler may know of its call besides the messages.</summary>
/// <param name="time">The clock of deadlines.</param>
/// <param name="deadline">When the peer stops waiting, if it said so.</param>
/// <param name="aborted">Cancelled when the call ends from outside.</param>
internal class GrpcCall(TimeProvider time, DateTimeOffset? deadline = null, CancellationToken aborted = default)
{
    /// <summary>The clock to use for every wait of this call.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>When the peer stops waiting (from <c>grpc-timeout</c>); null when it named no deadline.</summary>
    public DateTimeOffset? Deadline { get; } = deadline;

    /// <summary>
    /// Cancelled when the peer resets the stream, the connection is gone, the deadline has passed or the server ends the call. A call
    /// that never asks for it never pays for it: reads and flushes end by themselves.
    /// </summary>
    public virtual CancellationToken Aborted { get; } = aborted;

    /// <summary>The status that the call was ended with from outside: its deadline, a shutdown, the memory budget; null while it was not.</summary>
    public virtual GrpcException? Verdict => null;

    /// <summary>Completes when the peer is gone or the call is ended from outside, for those who neither read nor write and so would not notice.</summary>
    public virtual Task WhenEnded => LazyInitializer.EnsureInitialized(ref never, () => new TaskCompletionSource()).Task;

    /// <summary>How long the peer still waits; null when it named no deadline, never negative.</summary>
    public TimeSpan? TimeLeft => Deadline is not { } end
        ? null
        : TimeSpan.FromTicks(Math.Max(0, (end - Time.GetUtcNow()).Ticks));

    /// <summary>What this call holds of the memory budget; closed when the call ends. From any thread.</summary>
    public virtual MemoryAccount Memory => LazyInitializer.EnsureInitialized(ref memory, () => new MemoryAccount());

    /// <summary>
    /// A timestamp of <see cref="Time"/> since which somebody's code keeps the call's thread; 0 while none does. Written by the
    /// handler, read by whoever watches for code that never gives it back.
    /// </summary>
    public long BusySince
    {
        get => Volatile.Read(ref busySince);
        set => Volatile.Write(ref busySince, value);
    }

    /// <summary>How long that may be.</summary>
    public TimeSpan BusyLimit { get; set; } = TimeSpan.MaxValue;

    private MemoryAccount? memory;
    private TaskCompletionSource? never;
    private long busySince;
}
