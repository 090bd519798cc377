namespace ExtProc.Configuration;

/// <summary>What one exchange may take: bytes, header counts and time. Each has a default that is safe behind a default Envoy.</summary>
public sealed record ExchangeLimits
{
    /// <summary>The longest that one call of a processor may take before the exchange fails or is answered 504.</summary>
    [AllowedRange("1ms", "1h")]
    public TimeSpan HandlerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that the peer may leave our replies unread before the exchange fails.</summary>
    [AllowedRange("10ms", "1h")]
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that an ended call waits for Envoy to close it.</summary>
    [AllowedRange("0s", "1m")]
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of received messages that may wait behind a processor that is still busy, and 64 for each. One message is always taken.</summary>
    [AllowedRange("64KiB", "1GiB")]
    public int PendingBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that one exchange may hold back at one time: collected bodies and bytes kept for the next chunk. The default takes what Envoy sends in one BUFFERED_PARTIAL message.</summary>
    [AllowedRange("64KiB", "1GiB")]
    public int HeldBytes { get; init; } = 17 << 20;

    /// <summary>Bytes by which the bodies that an exchange sends may exceed those that it received: Envoy takes them into memory at any speed.</summary>
    [AllowedRange("0", "1TiB")]
    public long AddedBytes { get; init; } = 64 << 20;

    /// <summary>The largest piece of a body in one full-duplex reply. The API advises 64 KiB at most.</summary>
    [AllowedRange("1KiB", "16MiB")]
    public int ChunkBytes { get; init; } = 64 << 10;

    /// <summary>Header lines that a message may have after our changes, and changes in one reply. Envoy's <c>max_headers_count</c> has the same default.</summary>
    [AllowedRange("1", "10000")]
    public int HeaderCount { get; init; } = 100;

    /// <summary>Bytes of all header names and values of a message after our changes. Envoy's <c>max_request_headers_kb</c> has the same default.</summary>
    [AllowedRange("1KiB", "8MiB")]
    public int HeaderBytes { get; init; } = 60 << 10;

    /// <summary>Lines of headers or trailers that are taken in one received message, and values of attributes and metadata beside them. Envoy's <c>max_headers_count</c> has the default 100.</summary>
    [AllowedRange("100", "1000000")]
    public int ReceivedHeaderCount { get; init; } = 10_000;

    /// <summary>Bytes of one received message without those of a body: headers or trailers, attributes, metadata. More than Envoy's <c>max_request_headers_kb</c>.</summary>
    [AllowedRange("64KiB", "64MiB")]
    public int ReceivedHeaderBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that one body may have after it is decoded.</summary>
    [AllowedRange("64KiB", "1TiB")]
    public long DecodedBytes { get; init; } = 64 << 20;

    /// <summary>How many times larger a body may grow when it is decoded; looked at from 16 KiB on.</summary>
    [AllowedRange("1", "100000")]
    public int DecodedRatio { get; init; } = 100;

    /// <summary>
    /// Exchanges that decode bodies at one time, over all connections; beyond it the one that has waited longest for bytes ends.
    /// 0 is as many as half of <c>transport.memoryBudgetBytes</c> has room for (448 KiB each), shared by all pipelines of an app that set no number.
    /// </summary>
    [AllowedRange("0", "1000000")]
    public int DecodingExchanges { get; init; }
}
