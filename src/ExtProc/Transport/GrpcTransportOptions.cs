namespace ExtProc.Transport;

/// <summary>The transport's limits. What a number is for, its range, default and unit stand with it.</summary>
public sealed record GrpcTransportOptions
{
    // HTTP/2's largest window (RFC 9113, 6.9.1).
    private const long LargestWindowBytes = int.MaxValue;
    private const int SmallestWindowBytes = 65_535;
    private const int MiB = 1024 * 1024;

    /// <summary>Largest message taken from a peer, before and after decompression. Envoy's BUFFERED_PARTIAL sends 16,793,600 bytes in one.</summary>
    /// <value>Bytes, 65,536 to 1 GiB; default 32 MiB.</value>
    public int ReceiveLimitBytes { get; init; } = 32 * MiB;

    /// <summary>Calls at once on one connection. Envoy puts very many on one, and a stream that is refused is a failed exchange.</summary>
    /// <value>1 to 32,767; default 4,000. Times <see cref="StreamWindowBytes"/> it must fit an HTTP/2 window.</value>
    public int MaxStreamsPerConnection { get; init; } = 4_000;

    /// <summary>
    /// How much a peer may send on one stream before a handler reads it. The connection's window is this times
    /// <see cref="MaxStreamsPerConnection"/>, so that calls that do not read cannot stop the others on their connection.
    /// </summary>
    /// <value>Bytes, 65,535 to 2^31-1; default 512 KiB.</value>
    public int StreamWindowBytes { get; init; } = 512 * 1024;

    /// <summary>How much of one response may wait in memory for a slow peer before a flush waits.</summary>
    /// <value>Bytes, 4,096 to 64 MiB; default 1 MiB.</value>
    public int ResponseBufferBytes { get; init; } = 1 * MiB;

    /// <summary>How much of one connection may wait between the socket and HTTP/2, each way.</summary>
    /// <value>Bytes, 65,536 to 64 MiB; default 4 MiB.</value>
    public int SocketBufferBytes { get; init; } = 4 * MiB;

    /// <summary>
    /// Memory for everything that waits: received and not yet read, written and not yet sent, held by handlers; over all connections.
    /// Beyond it new calls end with RESOURCE_EXHAUSTED, and calls that do not read are ended.
    /// </summary>
    /// <value>Bytes, from 16 MiB; default 0: a quarter of the memory that the process may use, 64 MiB to 1 GiB.</value>
    public long MemoryBudgetBytes { get; init; }

    /// <summary>Free memory blocks kept for reuse under load. What is unused for <see cref="PoolIdleTimeout"/> is given back in any case.</summary>
    /// <value>Bytes, 0 to 16 GiB; default 64 MiB.</value>
    public long PoolRetainedBytes { get; init; } = 64 * MiB;

    /// <summary>How long free memory blocks may lie unused before they are given back.</summary>
    /// <value>1 second to 1 hour; default 10 seconds.</value>
    public TimeSpan PoolIdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be silent before it is asked whether it still lives.</summary>
    /// <value>1 second to 1 hour; default 60 seconds.</value>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the peer may take to answer that.</summary>
    /// <value>1 second to 1 hour; default 20 seconds.</value>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a connection without a call stays open; longer than Envoy's one hour, so that Envoy, which knows, closes it.</summary>
    /// <value>1 second to 24 hours; default 65 minutes.</value>
    public TimeSpan IdleConnectionTimeout { get; init; } = TimeSpan.FromMinutes(65);

    /// <summary>What is still read, and thrown away, after a handler ended before its peer did.</summary>
    /// <value>Bytes, 0 to 64 MiB; default 1 MiB.</value>
    public int DiscardLimitBytes { get; init; } = 1 * MiB;

    /// <summary>How long that may take.</summary>
    /// <value>0 to 1 minute; default 2 seconds.</value>
    public TimeSpan DiscardTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The window of a connection: room for every stream's.</summary>
    internal int ConnectionWindowBytes => (int)Math.Max(SmallestWindowBytes, (long)MaxStreamsPerConnection * StreamWindowBytes);

    /// <summary>Every setting that is out of its range, in a sentence each; none when all is well.</summary>
    public IEnumerable<string> Problems()
    {
        IEnumerable<string?> ranges =
        [
            Range(nameof(ReceiveLimitBytes), ReceiveLimitBytes, 65_536, 1024L * MiB),
            Range(nameof(MaxStreamsPerConnection), MaxStreamsPerConnection, 1, 32_767),
            Range(nameof(StreamWindowBytes), StreamWindowBytes, SmallestWindowBytes, LargestWindowBytes),
            Range(nameof(ResponseBufferBytes), ResponseBufferBytes, 4_096, 64 * MiB),
            Range(nameof(SocketBufferBytes), SocketBufferBytes, 65_536, 64 * MiB),
            MemoryBudgetBytes == 0 ? null : Range(nameof(MemoryBudgetBytes), MemoryBudgetBytes, 16 * MiB, long.MaxValue),
            Range(nameof(PoolRetainedBytes), PoolRetainedBytes, 0, 16 * 1024L * MiB),
            Range(nameof(PoolIdleTimeout), PoolIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Range(nameof(KeepAlivePingDelay), KeepAlivePingDelay, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Range(nameof(KeepAlivePingTimeout), KeepAlivePingTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Range(nameof(IdleConnectionTimeout), IdleConnectionTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
            Range(nameof(DiscardLimitBytes), DiscardLimitBytes, 0, 64 * MiB),
            Range(nameof(DiscardTimeout), DiscardTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            WindowFits(),
        ];
        return ranges.OfType<string>();
    }

    private string? WindowFits() => (long)MaxStreamsPerConnection * StreamWindowBytes is var needed && needed > LargestWindowBytes
        ? $"{MaxStreamsPerConnection} streams with a window of {StreamWindowBytes} bytes need a connection window of {needed} bytes, and "
            + $"HTTP/2 allows {LargestWindowBytes}; lower {nameof(MaxStreamsPerConnection)} or {nameof(StreamWindowBytes)}"
        : null;

    private static string? Range<T>(string name, T value, T least, T most)
        where T : IComparable<T> => value.CompareTo(least) < 0 || value.CompareTo(most) > 0
        ? $"{name} is {value}; it must be {least} to {most}"
        : null;
}
