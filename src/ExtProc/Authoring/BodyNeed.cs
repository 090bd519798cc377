namespace ExtProc;

/// <summary>How a processor wants a body.</summary>
public readonly record struct BodyNeed
{
    private readonly BodyTypes? _reads;

    private BodyNeed(BodyShape shape, int bytes)
    {
        Shape = shape;
        Bytes = bytes;
    }

    /// <summary>Not at all; the default.</summary>
    public static BodyNeed None => default;

    /// <summary>
    /// What to do with a body that is larger than the limit of <see cref="Whole"/> or <see cref="Messages"/>, or of which Envoy shows only
    /// the first part (BUFFERED_PARTIAL). With <see cref="Stream"/> the latter is a failure, and <c>onError</c> decides, unless this is
    /// <see cref="OverLimit.Skip"/> or <see cref="OverLimit.Cut"/>.
    /// </summary>
    public OverLimit OverLimit { get; init; }

    /// <summary>Whether the headers must still be changeable when the body handler is called. <see cref="Whole"/> implies it.</summary>
    public bool BeforeHeaders { get; init; }

    /// <summary>Whether a compressed body is wanted as it is; otherwise gzip, deflate and br are decoded before and encoded again after.</summary>
    public bool Encoded { get; init; }

    /// <summary>
    /// Which bodies the processor can read; others are never shown to it, and end as its <c>onError</c> says.
    /// </summary>
    /// <value><see cref="BodyTypes.Any"/>; for <see cref="Messages"/> it is <see cref="BodyTypes.Messages"/>.</value>
    public BodyTypes Reads
    {
        get => _reads ?? (Shape is BodyShape.Messages ? BodyTypes.Messages : BodyTypes.Any);
        init => _reads = value;
    }

    internal BodyShape Shape { get; }

    /// <summary>Most bytes held back (stream) or gathered (whole, messages).</summary>
    internal int Bytes { get; }

    internal bool HoldsHeaders => Shape is BodyShape.Whole || (BeforeHeaders && Shape is not BodyShape.None);

    /// <summary>As it is written in code, such as <c>Stream(holdBytes: 5) with { Encoded }</c>.</summary>
    public override string ToString()
    {
        string how = Shape switch
        {
            BodyShape.None => "None",
            BodyShape.Stream => $"Stream(holdBytes: {Bytes})",
            _ => $"{Shape}(limitBytes: {Bytes})",
        };
        string[] with = [.. OverLimit is OverLimit.Reject ? [] : new[] { $"OverLimit = {OverLimit}" }, .. BeforeHeaders ? ["BeforeHeaders"] : Array.Empty<string>(), .. Encoded ? ["Encoded"] : Array.Empty<string>()];
        return with.Length == 0 ? how : $"{how} with {{ {string.Join(", ", with)} }}";
    }

    /// <summary>Chunk by chunk as they come; chunk borders mean nothing.</summary>
    /// <param name="holdBytes">The most that <see cref="Body.Hold"/> will ask for; 0 to 16 MiB. What is not held needs no end to be seen.</param>
    public static BodyNeed Stream(int holdBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(holdBytes);
        return new(BodyShape.Stream, holdBytes);
    }

    /// <summary>
    /// One call a message: gRPC, gRPC-Web and Connect messages without their five-byte prefix, SSE events, JSON lines, by content-type.
    /// A body of another type, or without one, is unreadable; where <see cref="Reads"/> takes it nevertheless, it is given chunk by
    /// chunk, with <see cref="Body.IsMessage"/> false. Nothing is held from one message to the next.
    /// </summary>
    /// <param name="limitBytes">The largest message; 1 byte to 1 GiB.</param>
    public static BodyNeed Messages(int limitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitBytes);
        return new(BodyShape.Messages, limitBytes);
    }

    /// <summary>All of it in one call, headers still changeable.</summary>
    /// <param name="limitBytes">The largest body; 1 byte to 1 GiB. Beyond it <see cref="OverLimit"/> decides.</param>
    public static BodyNeed Whole(int limitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitBytes);
        return new(BodyShape.Whole, limitBytes);
    }
}

/// <summary>What becomes of a body that is larger than a processor takes.</summary>
public enum OverLimit
{
    /// <summary>The client gets 413 (request) or 502 (response).</summary>
    Reject,

    /// <summary>The processor is left out; what was gathered passes unchanged.</summary>
    Skip,

    /// <summary>The processor sees the first part with <see cref="Body.IsCut"/>; the rest passes unseen.</summary>
    Cut,
}

internal enum BodyShape
{
    None,
    Stream,
    Messages,
    Whole,
}
