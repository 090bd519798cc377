using Microsoft.AspNetCore.Http;

namespace ExtProc.Transport;

/// <summary>Answers one call. Returning is the status OK, a <see cref="GrpcException"/> is its status.</summary>
internal delegate Task GrpcHandler(GrpcReader reader, GrpcWriter writer, GrpcCall call);

/// <summary>What a handler may know of its call besides the messages.</summary>
/// <param name="metadata">The request's headers.</param>
/// <param name="time">The clock of deadlines.</param>
/// <param name="deadline">When the peer stops waiting, if it said so.</param>
/// <param name="aborted">Cancelled when the peer resets the stream, the connection is gone, or the deadline has passed.</param>
internal class GrpcCall(IHeaderDictionary metadata, TimeProvider time, DateTimeOffset? deadline, CancellationToken aborted)
{
    /// <summary>The request's headers; names compare without case. A repeated name holds several values.</summary>
    public IHeaderDictionary Metadata { get; } = metadata;

    /// <summary>The clock to use for every wait of this call.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>When the peer stops waiting (from <c>grpc-timeout</c>); null when it named no deadline.</summary>
    public DateTimeOffset? Deadline { get; } = deadline;

    /// <summary>Cancelled when the peer resets the stream, the connection is gone, or the deadline has passed.</summary>
    public virtual CancellationToken Aborted { get; } = aborted;

    /// <summary>How long the peer still waits; null when it named no deadline, never negative.</summary>
    public TimeSpan? TimeLeft => Deadline is not { } end
        ? null
        : TimeSpan.FromTicks(Math.Max(0, (end - Time.GetUtcNow()).Ticks));
}
