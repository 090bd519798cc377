using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace ExtProc.Transport;

/// <summary>The transport's limits. What a number is for, its range, default and unit stand with it.</summary>
public sealed record GrpcTransportOptions : IValidatableObject
{
    private const int MiB = 1024 * 1024;

    /// <summary>Largest message taken from a peer, before and after decompression. Envoy's BUFFERED_PARTIAL sends 16,793,600 bytes in one.</summary>
    [Range(65_536, 1024 * MiB)]
    public int ReceiveLimitBytes { get; init; } = 32 * MiB;

    /// <summary>How many times larger a compressed message may be when it is unpacked; looked at from 512 KiB on.</summary>
    [Range(1, 100_000)]
    public int InflatedRatio { get; init; } = 100;

    /// <summary>
    /// How long a peer may take to send a message that it has begun, or each MiB of a larger one, or the first of a call; and, while
    /// half of the memory budget is in use, to take the end of an answer. Only time in which this server waits for it counts.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls at once on one connection. Envoy puts very many on one, and a stream that is refused is a failed exchange.</summary>
    [Range(1, 32_767)]
    public int MaxStreamsPerConnection { get; init; } = 4_000;

    /// <summary>
    /// Bytes of a stream's metadata: all names and values, and 32 for each (RFC 9113, 6.5.2). A stream with more gets HTTP status 431, one
    /// with more than twice as much ends its connection. The default has room for a request's whole headers (Envoy's
    /// <c>max_request_headers_kb</c>) copied into <c>initial_metadata</c>.
    /// </summary>
    [Range(16_384, 8 * MiB)]
    public int HeaderBytes { get; init; } = 128 * 1024;

    /// <summary>Lines of a stream's metadata; beyond it as with <see cref="HeaderBytes"/>.</summary>
    [Range(100, 32_767)]
    public int HeaderCount { get; init; } = 2_000;

    /// <summary>
    /// How much a peer may send on one stream before a handler reads it. The connection's window is this times
    /// <see cref="MaxStreamsPerConnection"/>, so that calls that do not read cannot stop the others on their connection.
    /// </summary>
    [Range(65_535, int.MaxValue)]
    public int StreamWindowBytes { get; init; } = 512 * 1024;

    /// <summary>How much of one response may wait in memory for a slow peer before a flush waits.</summary>
    [Range(4_096, 64 * MiB)]
    public int ResponseBufferBytes { get; init; } = 1 * MiB;

    /// <summary>How much of one connection may wait between the socket and HTTP/2, each way; never more than a 1024th of the memory budget, and 64 KiB in any case.</summary>
    [Range(65_536, 64 * MiB)]
    public int SocketBufferBytes { get; init; } = 4 * MiB;

    /// <summary>
    /// Memory for everything that waits: received and not yet read, written and not yet sent, held by handlers; over all connections.
    /// From four fifths of it on large calls that make no progress end with RESOURCE_EXHAUSTED, beyond it the largest of those who hold most,
    /// and a new call waits up to three seconds for room. At least 16 MiB; 0 is a quarter of the memory that the process may use, 64 MiB to 1 GiB.
    /// </summary>
    public long MemoryBudgetBytes { get; init; }

    /// <summary>
    /// Free memory blocks kept for reuse under load, beside the memory budget; an eighth of that at most. What is unused for
    /// <see cref="PoolIdleTimeout"/> is given back in any case.
    /// </summary>
    [Range(0, 16_384d * MiB)]
    public long PoolRetainedBytes { get; init; } = 64 * MiB;

    /// <summary>How long free memory blocks may lie unused before they are given back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PoolIdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Connections at once, over all listeners. Beyond it one without a call is closed for the new one, and where all are in use the new
    /// one is closed. 0 is one for each 128 KiB of the memory budget, 1,000 to 10,000; never more than the process may have files open
    /// (RLIMIT_NOFILE), less 512 for everything else. Envoy opens one for each of its threads (<c>--concurrency</c>).
    /// </summary>
    [Range(0, 1_000_000)]
    public int MaxConnections { get; init; }

    /// <summary>How long a new connection may take to send the preface of HTTP/2, its first 24 bytes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan PrefaceTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection stays open that never had a call, whatever else it sends. Envoy opens a connection for a call.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UnusedConnectionTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a connection may be silent before it is asked whether it still lives.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the peer may take to answer that.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a connection stays open after its last call; longer than Envoy's one hour, so that Envoy, which knows, closes it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleConnectionTimeout { get; init; } = TimeSpan.FromMinutes(65);

    /// <summary>What is still read, and thrown away, after a handler ended before its peer did.</summary>
    [Range(0, 64 * MiB)]
    public int DiscardLimitBytes { get; init; } = 1 * MiB;

    /// <summary>How long that may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DiscardTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether the process is this server's alone, so that it may be made to collect garbage when memory is short or there is nothing to do.
    /// In an app that would stop work of others.
    /// </summary>
    internal bool OwnsProcess { get; init; } = true;

    /// <summary>The window of a connection: room for every stream's.</summary>
    internal int ConnectionWindowBytes => (int)Math.Max(65_535, (long)MaxStreamsPerConnection * StreamWindowBytes);

    /// <summary>Every setting that is out of its range, in a sentence each; none when all is well.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. from property in typeof(GrpcTransportOptions).GetProperties()
           let range = property.GetCustomAttribute<RangeAttribute>()
           let value = property.GetValue(this)
           where range is not null && !range.IsValid(value)
           select $"{property.Name} is {value}; it must be {range.Minimum} to {range.Maximum}",
        .. Validate(new ValidationContext(this)).Select(problem => $"{problem.MemberNames.First()}: {problem.ErrorMessage}"),
    ];

    /// <summary>What one setting alone does not show.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MemoryBudgetBytes is not 0 and < 16 * MiB)
        {
            yield return new($"{MemoryBudgetBytes} bytes are too few; give it 16 MiB or more, or 0 for a part of the machine's", [nameof(MemoryBudgetBytes)]);
        }

        if ((long)MaxStreamsPerConnection * StreamWindowBytes is var needed && needed > int.MaxValue)
        {
            yield return new(
                $"{MaxStreamsPerConnection} streams with a window of {StreamWindowBytes} bytes need a connection window of {needed} bytes, and "
                    + $"HTTP/2 allows {int.MaxValue} (RFC 9113, 6.9.1); lower {nameof(MaxStreamsPerConnection)} or {nameof(StreamWindowBytes)}",
                [nameof(MaxStreamsPerConnection)]);
        }
    }
}
