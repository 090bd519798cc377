namespace ExtProc;

/// <summary>
/// The six modes that say which parts of an exchange Envoy sends. Source:
/// <c>envoy.extensions.filters.http.ext_proc.v3.ProcessingMode</c>, with that message's defaults.
/// </summary>
public sealed record ProcessingMode
{
    /// <summary>Whether request headers are sent. Default: they are.</summary>
    public HeaderSendMode RequestHeaderMode { get; init; }

    /// <summary>Whether response headers are sent. Default: they are.</summary>
    public HeaderSendMode ResponseHeaderMode { get; init; }

    /// <summary>How request bodies are sent. Default: not at all.</summary>
    public BodySendMode RequestBodyMode { get; init; }

    /// <summary>How response bodies are sent. Default: not at all.</summary>
    public BodySendMode ResponseBodyMode { get; init; }

    /// <summary>Whether request trailers are sent. Default: they are not.</summary>
    public HeaderSendMode RequestTrailerMode { get; init; }

    /// <summary>Whether response trailers are sent. Default: they are not.</summary>
    public HeaderSendMode ResponseTrailerMode { get; init; }

    /// <summary>The body send mode of one direction.</summary>
    public BodySendMode BodyMode(Direction direction) => direction is Direction.Request ? RequestBodyMode : ResponseBodyMode;

    /// <summary>Whether the headers of one direction are sent.</summary>
    public bool SendsHeaders(Direction direction) =>
        (direction is Direction.Request ? RequestHeaderMode : ResponseHeaderMode) is not HeaderSendMode.Skip;

    /// <summary>Whether the trailers of one direction are sent.</summary>
    public bool SendsTrailers(Direction direction) =>
        (direction is Direction.Request ? RequestTrailerMode : ResponseTrailerMode) is HeaderSendMode.Send;
}
