using ExtProc.Protocol;

namespace ExtProc.Session;

/// <summary>How far a direction has come, by what was received.</summary>
internal enum PartPhase
{
    /// <summary>Nothing has come.</summary>
    Idle,

    /// <summary>Something has come, and its end has not.</summary>
    Open,

    /// <summary>The last part has come.</summary>
    Ended,
}

/// <summary>The parts of a direction, told apart by whether they end it.</summary>
internal enum ReceivedPart
{
    Headers,
    HeadersEnd,
    Body,
    BodyEnd,
    Trailers,
}

/// <summary>
/// What may come next in a direction. The two directions are independent; either may be first, and the request's may be missing
/// altogether: Envoy also shows local replies to requests that never reached this server.
/// </summary>
internal static class PartOrder
{
    /// <summary>The phase after a part; <see langword="null"/> when the part may not come.</summary>
    public static PartPhase? After(PartPhase phase, ReceivedPart part) => (phase, part) switch
    {
        (PartPhase.Idle, ReceivedPart.Headers) => PartPhase.Open,
        (PartPhase.Idle, ReceivedPart.HeadersEnd) => PartPhase.Ended,

        // With header mode SKIP a body or trailers come first.
        (PartPhase.Idle or PartPhase.Open, ReceivedPart.Body) => PartPhase.Open,
        (PartPhase.Idle or PartPhase.Open, ReceivedPart.BodyEnd or ReceivedPart.Trailers) => PartPhase.Ended,
        _ => null,
    };

    public static ReceivedPart Of(in Part part) => (part.Kind, part.EndOfStream) switch
    {
        (PartKind.Headers, false) => ReceivedPart.Headers,
        (PartKind.Headers, true) => ReceivedPart.HeadersEnd,
        (PartKind.Body, false) => ReceivedPart.Body,
        (PartKind.Body, true) => ReceivedPart.BodyEnd,
        _ => ReceivedPart.Trailers,
    };
}
