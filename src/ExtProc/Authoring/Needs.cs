namespace ExtProc;

/// <summary>
/// What a processor wants to see. Compared with the declared Envoy configuration at start, and with what Envoy says of its modes
/// in the first message.
/// </summary>
public sealed class Needs
{
    /// <summary>Whether request headers are wanted. Filled from what is overridden.</summary>
    public bool RequestHeaders { get; set; }

    /// <summary>How the request's body is wanted. <see cref="BodyNeed.Stream"/> where the body handler is overridden.</summary>
    public BodyNeed RequestBody { get; set; }

    /// <summary>Whether request trailers are wanted. Filled from what is overridden.</summary>
    public bool RequestTrailers { get; set; }

    /// <summary>Whether response headers are wanted. Filled from what is overridden.</summary>
    public bool ResponseHeaders { get; set; }

    /// <summary>How the response's body is wanted. <see cref="BodyNeed.Stream"/> where the body handler is overridden.</summary>
    public BodyNeed ResponseBody { get; set; }

    /// <summary>Whether response trailers are wanted. Filled from what is overridden.</summary>
    public bool ResponseTrailers { get; set; }

    /// <summary>
    /// Promises that nothing is changed. Bodies then keep content-length, ETag and digests, and the processor works in
    /// observability mode without a complaint; a change made all the same is a usage error.
    /// </summary>
    public bool ReadOnly { get; set; }

    /// <summary>The time that one call may take; compared with the declared <c>message_timeout</c> at start. Zero: not said.</summary>
    public TimeSpan Time { get; set; }

    /// <summary>Attributes that are read; checked against those that the Envoy configuration is declared to send.</summary>
    public ISet<string> Attributes { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>Dynamic metadata namespaces that are read.</summary>
    public ISet<string> MetadataRead { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>Dynamic metadata namespaces that are written.</summary>
    public ISet<string> MetadataWritten { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>What is wanted, such as <c>RequestHeaders, RequestBody: Stream(holdBytes: 5)</c>.</summary>
    public override string ToString()
    {
        (bool Is, string Text)[] all =
        [
            (RequestHeaders, nameof(RequestHeaders)), (RequestBody != BodyNeed.None, $"{nameof(RequestBody)}: {RequestBody}"), (RequestTrailers, nameof(RequestTrailers)),
            (ResponseHeaders, nameof(ResponseHeaders)), (ResponseBody != BodyNeed.None, $"{nameof(ResponseBody)}: {ResponseBody}"), (ResponseTrailers, nameof(ResponseTrailers)),
            (ReadOnly, nameof(ReadOnly)), (Time > TimeSpan.Zero, $"{nameof(Time)}: {Time}"),
            Named(Attributes, nameof(Attributes)), Named(MetadataRead, nameof(MetadataRead)), Named(MetadataWritten, nameof(MetadataWritten)),
        ];
        string[] wanted = [.. all.Where(one => one.Is).Select(one => one.Text)];
        return wanted.Length == 0 ? "nothing" : string.Join(", ", wanted);
    }

    private static (bool, string) Named(ISet<string> names, string what) => (names.Count > 0, $"{what}: {string.Join(" ", names)}");

    internal BodyNeed Body(Direction direction) => direction is Direction.Request ? RequestBody : ResponseBody;

    internal bool Headers(Direction direction) => direction is Direction.Request ? RequestHeaders : ResponseHeaders;

    internal bool Trailers(Direction direction) => direction is Direction.Request ? RequestTrailers : ResponseTrailers;
}
