namespace ExtProc.Configuration;

/// <summary>What one exchange may take: bytes, header counts and time. Each has a default that is safe behind a default Envoy.</summary>
public sealed record ExchangeLimits
{
    /// <summary>The longest that one call of a processor may take before the exchange fails or is answered 504.</summary>
    /// <value>Default 10 s; range 1 ms to 1 h.</value>
    public TimeSpan HandlerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that the peer may leave our replies unread before the exchange fails.</summary>
    /// <value>Default 30 s; range 10 ms to 1 h.</value>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that an ended call waits for Envoy to close it.</summary>
    /// <value>Default 1 s; range 0 to 1 min.</value>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of received messages that may wait behind a processor that is still busy. One message is always taken.</summary>
    /// <value>Default 1 MiB; range 64 KiB to 1 GiB.</value>
    public int PendingBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that one exchange may hold back at one time: collected bodies and bytes kept for the next chunk.</summary>
    /// <value>Default 17 MiB, which holds what Envoy sends in one BUFFERED_PARTIAL message; range 64 KiB to 1 GiB.</value>
    public int HeldBytes { get; init; } = 17 << 20;

    /// <summary>Bytes by which the bodies that an exchange sends may exceed those that it received: Envoy takes them into memory at any speed.</summary>
    /// <value>Default 64 MiB; range 0 to 1 TiB.</value>
    public long AddedBytes { get; init; } = 64 << 20;

    /// <summary>The largest piece of a body in one full-duplex reply.</summary>
    /// <value>Default 64 KiB, the most that the API advises; range 1 KiB to 16 MiB.</value>
    public int ChunkBytes { get; init; } = 64 << 10;

    /// <summary>Header lines that a message may have after our changes, and changes in one reply.</summary>
    /// <value>Default 100, Envoy's <c>max_headers_count</c>; range 1 to 10000.</value>
    public int HeaderCount { get; init; } = 100;

    /// <summary>Bytes of all header names and values of a message after our changes.</summary>
    /// <value>Default 60 KiB, Envoy's <c>max_request_headers_kb</c>; range 1 KiB to 8 MiB.</value>
    public int HeaderBytes { get; init; } = 60 << 10;
}
