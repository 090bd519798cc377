namespace ExtProc;

/// <summary>
/// How Envoy sends a body to this server. Source: <c>envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode</c>;
/// the numbers are those of the API.
/// </summary>
public enum BodySendMode
{
    /// <summary>The body is not sent.</summary>
    None = 0,

    /// <summary>Each chunk is sent as it comes and is answered once, in order.</summary>
    Streamed = 1,

    /// <summary>The whole body comes in one message; Envoy holds the headers until it is answered.</summary>
    Buffered = 2,

    /// <summary>As <see cref="Buffered"/> up to Envoy's buffer limit; what comes after it passes unseen.</summary>
    BufferedPartial = 3,

    /// <summary>Chunks come without waiting, and any number of chunks goes back. Since Envoy 1.34.</summary>
    FullDuplexStreamed = 4,

    /// <summary>In the API since Envoy 1.37, not implemented by Envoy up to 1.40, which treats it as <see cref="None"/>.</summary>
    Grpc = 5,
}

/// <summary>Whether Envoy sends headers or trailers. Source: <c>ProcessingMode.HeaderSendMode</c>.</summary>
public enum HeaderSendMode
{
    /// <summary>Headers are sent, trailers are not.</summary>
    Default = 0,

    /// <summary>Sent.</summary>
    Send = 1,

    /// <summary>Not sent.</summary>
    Skip = 2,
}

/// <summary>One of the two directions of an exchange. Each is a state machine of its own.</summary>
public enum Direction
{
    /// <summary>From the client to the upstream.</summary>
    Request,

    /// <summary>From the upstream to the client.</summary>
    Response,
}
