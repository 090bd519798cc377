using ExtProc.Pipeline.Messages;

namespace ExtProc.Pipeline.Reading;

/// <summary>Whether a need can read a body, and how: in one, message by message, or part by part. Pure.</summary>
/// <param name="Why">Why it cannot; null when it can.</param>
internal readonly record struct BodyReading(string? Why)
{
    /// <summary>Nothing says what the body is, so whether there is one at all matters.</summary>
    public bool IsUntyped { get; init; }

    public string? MediaType { get; init; }

    /// <summary>How its messages lie; null for one that is not read message by message.</summary>
    public MessageFormat? Format { get; init; }

    /// <summary>Its parts; null for one that is not read part by part.</summary>
    public MultipartReader? Parts { get; init; }

    /// <summary>It is text, which must be in UTF-8.</summary>
    public bool IsText { get; init; }

    /// <param name="exchange">Its headers, with the changes made so far.</param>
    /// <param name="direction">Which body.</param>
    /// <param name="need">What the processor declared.</param>
    /// <param name="isReadOnly">It has promised to change nothing.</param>
    /// <param name="partHeaderBytes">The most that the headers of one part may have.</param>
    public static BodyReading Of(Exchange exchange, Direction direction, BodyNeed need, bool isReadOnly, int partHeaderBytes)
    {
        string body = direction is Direction.Request ? "the request body" : "the response body";
        BodyTypes reads = need.Reads;
        if (BodyFacts.IsTunnel(exchange, direction))
        {
            return reads.Tunnels ? new() : new("what follows a CONNECT or an upgrade is no HTTP body");
        }

        if (reads.IsAny && need.Shape is not BodyShape.Messages)
        {
            return new();
        }

        if (!isReadOnly && !reads.IsAny && BodyFacts.IsRange(exchange, direction))
        {
            return new($"{body} is a part of a larger one (206, 226 or content-range)");
        }

        return OfType(exchange.Headers(direction), body, need, partHeaderBytes);
    }

    private static BodyReading OfType(HeaderMap headers, string body, BodyNeed need, int partHeaderBytes)
    {
        if (headers.IsLongerThan("content-type", ExtProc.MediaType.MostBytes))
        {
            return new($"{body} has a content-type of more than {ExtProc.MediaType.MostBytes} bytes");
        }

        if (BodyFacts.ContentType(headers) is not { } value)
        {
            string why = headers.IsReceived ? $"{body} has no content-type" : $"{body} has no content-type that could be seen (Envoy did not send the headers)";
            return need.Reads.Untyped ? new() { IsText = need.Reads.InUtf8 } : new(why) { IsUntyped = true };
        }

        if (ExtProc.MediaType.Parse(value) is not { } type)
        {
            return new($"{body} has the content-type \"{BodyFacts.Shown(value)}\", which can be read in more than one way");
        }

        if (need.Reads.Parts && need.Shape is BodyShape.Stream && type.IsMultipart)
        {
            return type.Boundary is { Length: > 0 and <= MultipartReader.MostBoundaryBytes } boundary
                ? new() { MediaType = type.Name, Parts = new(boundary, type.Name, partHeaderBytes) }
                : new($"{body} is {BodyFacts.Shown(type.Name)} without a boundary of 1 to {MultipartReader.MostBoundaryBytes} letters");
        }

        return OfOne(headers, body, need, type);
    }

    private static BodyReading OfOne(HeaderMap headers, string body, BodyNeed need, MediaType type)
    {
        if (Envelope.Holds(type.Name) && need.Shape is not BodyShape.Messages)
        {
            return OfEnvelope(headers, body, need, type);
        }

        if (WhyUnreadable(type, need.Reads) is { } why)
        {
            return new($"{body} {why}");
        }

        MessageFormat? format = need.Shape is BodyShape.Messages ? MessageFormat.For(type.Name, CodingOf(headers, need)) : null;
        return new() { MediaType = type.Name, Format = format, IsText = need.Reads.InUtf8 && !Envelope.Holds(type.Name) };
    }

    /// <summary>Messages with their lengths before them: a stream is shown one by one, and what they hold decides.</summary>
    private static BodyReading OfEnvelope(HeaderMap headers, string body, BodyNeed need, MediaType type)
    {
        bool isOpened = need.Shape is BodyShape.Stream && need.Reads.Parts;
        bool isRead = WhyUnreadable(type with { Name = Envelope.ContentOf(type.Name) }, need.Reads) is null || WhyUnreadable(type, need.Reads) is null;
        return isOpened && isRead && MessageFormat.For(type.Name, CodingOf(headers, need)) is { } format
            ? new() { MediaType = Envelope.ContentOf(type.Name), Format = format }
            : new($"{body} is {BodyFacts.Shown(type.Name)}, whose messages carry their lengths");
    }

    /// <summary>Why a body or part of a type cannot be read, as the end of a sentence; null when it can.</summary>
    public static string? WhyUnreadable(MediaType type, BodyTypes reads) => !reads.Includes(type.Name)
        ? $"is {BodyFacts.Shown(type.Name)}"
        : reads.InUtf8 && type.Charset is { } charset && !Charsets.IsReadable(charset, reads.SingleByteCharsets)
        ? $"is in the charset \"{BodyFacts.Shown(charset)}\", and UTF-8 is read"
        : null;

    private static string? CodingOf(HeaderMap headers, BodyNeed need) => need.Encoded ? null : headers["grpc-encoding"] ?? headers["connect-content-encoding"];
}
