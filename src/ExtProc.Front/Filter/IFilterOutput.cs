using Envoy.Service.ExtProc.V3;

namespace ExtProc.Front.Filter;

/// <summary>
/// Where the filter's decisions go. It calls these while it takes an event, in order; an implementation queues and does no I/O. The
/// receiver of a direction is the upstream for requests and the client for responses.
/// </summary>
internal interface IFilterOutput
{
    /// <summary>A message for the server. The stream opens with the first.</summary>
    void Send(Direction direction, ProcessingRequest message);

    /// <summary>The filter needs the stream no more.</summary>
    void Close();

    /// <summary>Headers go on to the direction's receiver.</summary>
    /// <param name="direction">Whose.</param>
    /// <param name="lines">The lines, pseudo headers first as they came.</param>
    /// <param name="end">They are all there is.</param>
    void Headers(Direction direction, IReadOnlyList<KeyValuePair<string, string>> lines, bool end);

    /// <summary>Bytes of a body go on; empty ones only with the end.</summary>
    void Data(Direction direction, ReadOnlyMemory<byte> bytes, bool end);

    /// <summary>Trailers go on, and end the message.</summary>
    void Trailers(Direction direction, IReadOnlyList<KeyValuePair<string, string>> lines);

    /// <summary>The direction's message is broken off: of a request also when it was whole and its answer is awaited.</summary>
    void Reset(Direction direction);

    /// <summary>The client gets this whole response, not the upstream's.</summary>
    void Reply(LocalReply reply);

    /// <summary>The answer that this direction awaits must come within the time; an earlier demand is replaced.</summary>
    void StartTimer(Direction direction, TimeSpan time);

    /// <summary>No answer is awaited.</summary>
    void StopTimer(Direction direction);

    /// <summary>The server asked for more time; Envoy ignores it where it awaits nothing, or is not allowed so much.</summary>
    void TimeExtended(TimeSpan time, bool isTaken);

    /// <summary>The route is to be chosen again, by the changed request headers.</summary>
    void ClearRouteCache();

    /// <summary>Dynamic metadata that the server wrote.</summary>
    void Metadata(Google.Protobuf.WellKnownTypes.Struct metadata);

    /// <summary>How the exchange went other than by its two directions running through.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="details">Why, as Envoy's <c>response_code_details</c>.</param>
    void Decided(FilterOutcome outcome, string details);

    /// <summary>The server did what Envoy refuses, ignores, or would wait for in vain.</summary>
    void Violated(string what);
}

/// <summary>What ended the server's part.</summary>
internal enum FilterOutcome
{
    /// <summary>The server answered the client.</summary>
    Responded,

    /// <summary>The server failed, and with it the exchange.</summary>
    Failed,

    /// <summary>The server failed, and the exchange goes on without it (<c>failure_mode_allow</c>).</summary>
    FailedOpen,

    /// <summary>The server ended its stream with OK, and the exchange goes on without it.</summary>
    Released,
}

/// <summary>A whole response that does not come from the upstream.</summary>
/// <param name="Status">The status.</param>
/// <param name="Lines">Header lines without pseudo headers, content-length included where there is a body.</param>
/// <param name="Body">The body.</param>
/// <param name="Details">Envoy's <c>response_code_details</c>.</param>
internal sealed record LocalReply(int Status, IReadOnlyList<KeyValuePair<string, string>> Lines, ReadOnlyMemory<byte> Body, string Details);

/// <summary>What an answer failed for.</summary>
/// <param name="Why">In words, and as <c>response_code_details</c>.</param>
internal sealed record FilterFailure(string Why)
{
    /// <summary>Fails the exchange also with <c>failure_mode_allow</c>.</summary>
    public bool FailsClosed { get; init; }

    /// <summary>The status; null: <c>status_on_error</c>.</summary>
    public int? Status { get; init; }

    /// <summary>The body of the response.</summary>
    public string Body { get; init; } = "";
}
