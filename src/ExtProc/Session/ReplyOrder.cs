using ExtProc.Protocol;

namespace ExtProc.Session;

/// <summary>What a direction may be sent now, by what was received and what was answered.</summary>
internal enum ReplyPhase
{
    /// <summary>Nothing is owed and nothing may be sent.</summary>
    Quiet,

    /// <summary>Headers came and are not answered.</summary>
    OwesHeaders,

    /// <summary>A body message came and is not answered (all modes but full duplex).</summary>
    OwesBody,

    /// <summary>Trailers came and are not answered (all modes but full duplex).</summary>
    OwesTrailers,

    /// <summary>Full duplex: the headers are answered, and any number of chunks may go.</summary>
    Streaming,

    /// <summary>The last reply has gone.</summary>
    Done,
}

/// <summary>The replies of a direction, told apart by whether they end it.</summary>
internal enum SentReply
{
    Headers,
    Body,
    BodyEnd,
    Trailers,

    /// <summary>Headers answered, and nothing follows: the message has no body, or was given one with CONTINUE_AND_REPLACE.</summary>
    HeadersEnd,
}

/// <summary>
/// What may be sent. Outside full duplex each message is answered once, in order; in full duplex the sequence is
/// <c>h b* (b(e) | t)</c>, whatever has come.
/// </summary>
internal static class ReplyOrder
{
    /// <summary>The phase after a message has come.</summary>
    public static ReplyPhase OnPart(ReplyPhase phase, PartKind part, bool fullDuplex) => (fullDuplex, part, phase) switch
    {
        (false, PartKind.Headers, _) => ReplyPhase.OwesHeaders,
        (false, PartKind.Body, _) => ReplyPhase.OwesBody,
        (false, PartKind.Trailers, _) => ReplyPhase.OwesTrailers,
        (true, PartKind.Headers, _) => ReplyPhase.OwesHeaders,

        // With header mode SKIP full duplex begins with the body.
        (true, _, ReplyPhase.Quiet) => ReplyPhase.Streaming,
        _ => phase,
    };

    /// <summary>The phase after a reply; <see langword="null"/> when the reply may not be sent.</summary>
    public static ReplyPhase? After(ReplyPhase phase, SentReply reply, bool fullDuplex) => (fullDuplex, phase, reply) switch
    {
        (false, ReplyPhase.OwesHeaders, SentReply.Headers) => ReplyPhase.Quiet,
        (false, ReplyPhase.OwesBody, SentReply.Body or SentReply.BodyEnd) => ReplyPhase.Quiet,
        (false, ReplyPhase.OwesTrailers, SentReply.Trailers) => ReplyPhase.Done,
        (true, ReplyPhase.OwesHeaders, SentReply.Headers) => ReplyPhase.Streaming,
        (true, ReplyPhase.Streaming, SentReply.Body) => ReplyPhase.Streaming,
        (true, ReplyPhase.Streaming, SentReply.BodyEnd or SentReply.Trailers) => ReplyPhase.Done,
        (_, ReplyPhase.OwesHeaders, SentReply.HeadersEnd) => ReplyPhase.Done,
        _ => null,
    };
}
