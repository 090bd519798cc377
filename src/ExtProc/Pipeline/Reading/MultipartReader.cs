using System.Text;

namespace ExtProc.Pipeline.Reading;

/// <summary>
/// Cuts a multipart body (RFC 2046 section 5.1) into what belongs to its structure and the contents of its parts, wherever its chunks
/// begin and end. Strict: what recipients could take for another structure is malformed, so that nothing hides behind it.
/// </summary>
/// <param name="boundary">The boundary, without the hyphens before it.</param>
/// <param name="mediaType">The media type of the whole, which says what a part without a type is.</param>
/// <param name="headerLimitBytes">The most that the headers of one part may have.</param>
internal sealed class MultipartReader(string boundary, string mediaType, int headerLimitBytes)
{
    /// <summary>RFC 2046 section 5.1.1.</summary>
    public const int MostBoundaryBytes = 70;

    private readonly byte[] _delimiter = Encoding.Latin1.GetBytes($"\r\n--{boundary}");
    private Place _place;

    /// <summary>The place in the body at which the next bytes begin.</summary>
    private enum Place
    {
        Start,
        BehindDelimiter,
        Headers,
        ContentStart,
        Content,
        Epilogue,
    }

    /// <summary>Whether the content of the part that was entered last is shown.</summary>
    public bool IsShown { get; set; }

    private ReadOnlySpan<byte> FirstDelimiter => _delimiter.AsSpan(2);

    /// <summary>What the body goes on with; its bytes are then dealt with. Called again for content that was held, with the same answer.</summary>
    /// <param name="bytes">What has come and is not dealt with.</param>
    /// <param name="searchedBytes">How many of the first bytes were here at the last call, which found no end in them.</param>
    /// <param name="isLast">Nothing more comes.</param>
    public MultipartPiece Next(ReadOnlySpan<byte> bytes, int searchedBytes, bool isLast)
    {
        if (bytes.IsEmpty)
        {
            return MultipartPiece.NeedsMore;
        }

        MultipartPiece piece = _place switch
        {
            Place.Start => Delimiter(bytes, bytes.StartsWith("\r\n"u8) || bytes.SequenceEqual("\r"u8) ? _delimiter : FirstDelimiter),
            Place.BehindDelimiter => BehindDelimiter(bytes, searchedBytes),
            Place.Headers => Headers(bytes, searchedBytes),
            Place.ContentStart => ContentStart(bytes, isLast),
            Place.Content => Content(bytes, searchedBytes, isLast),
            _ => bytes.ContainsAnyExcept(" \t\r\n"u8) ? MultipartPiece.Malformed : MultipartPiece.Structure(bytes.Length),
        };
        return piece.Kind is MultipartPieceKind.NeedsMore && isLast ? MultipartPiece.Malformed : piece;
    }

    /// <summary>The type of a part, or why it cannot be read.</summary>
    /// <param name="headers">The header lines of the part, each with its line end.</param>
    /// <param name="reads">What can be read.</param>
    public (string? MediaType, string? Why) TypeOf(ReadOnlySpan<byte> headers, BodyTypes reads) =>
        PartHeaders.Parse(headers) is not { } part ? (null, "is malformed in its headers")
        : part.WhyClosed is { } why ? (null, why)
        : Type(part.ContentType) is not { } type ? (null, $"has the content-type \"{BodyFacts.Shown(part.ContentType!)}\", which can be read in more than one way")
        : (type.Name, BodyReading.WhyUnreadable(type, reads));

    // RFC 2046 sections 5.1 and 5.1.5.
    private MediaType? Type(string? contentType) => contentType is { } said
        ? ExtProc.MediaType.Parse(said)
        : new(mediaType == "multipart/digest" ? "message/rfc822" : "text/plain");

    private MultipartPiece Delimiter(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> delimiter)
    {
        if (bytes.StartsWith(delimiter))
        {
            _place = Place.BehindDelimiter;
            return MultipartPiece.Structure(delimiter.Length);
        }

        return delimiter.StartsWith(bytes) ? MultipartPiece.NeedsMore : MultipartPiece.Malformed;
    }

    private MultipartPiece BehindDelimiter(ReadOnlySpan<byte> bytes, int searchedBytes)
    {
        if (bytes.StartsWith("--"u8))
        {
            _place = Place.Epilogue;
            return MultipartPiece.Structure(2);
        }

        int known = Math.Max(0, searchedBytes - 1); // all padding, but for a carriage return at the end
        int next = bytes[known..].IndexOfAnyExcept(" \t"u8), padding = next < 0 ? next : known + next;
        ReadOnlySpan<byte> rest = padding < 0 ? default : bytes[padding..];
        if (rest.StartsWith("\r\n"u8))
        {
            _place = Place.Headers;
            return MultipartPiece.Structure(padding + 2);
        }

        bool mayGoOn = rest.IsEmpty ? bytes.Length <= headerLimitBytes : rest.SequenceEqual("\r"u8) || bytes.SequenceEqual("-"u8);
        return mayGoOn ? MultipartPiece.NeedsMore : MultipartPiece.Malformed;
    }

    private MultipartPiece Headers(ReadOnlySpan<byte> bytes, int searchedBytes)
    {
        bool isEmpty = bytes.StartsWith("\r\n"u8);
        int from = Math.Max(0, searchedBytes - 3), next = isEmpty ? 0 : bytes[from..].IndexOf("\r\n\r\n"u8), end = isEmpty ? 0 : from + next;
        if (next < 0)
        {
            return bytes.Length > headerLimitBytes ? MultipartPiece.Malformed : MultipartPiece.NeedsMore;
        }

        _place = Place.ContentStart;
        int lines = isEmpty ? 0 : end + 2;
        return lines > headerLimitBytes ? MultipartPiece.Malformed : MultipartPiece.OfHeaders(lines, lines + 2);
    }

    /// <summary>An empty part may share the line end behind its headers with the delimiter.</summary>
    private MultipartPiece ContentStart(ReadOnlySpan<byte> bytes, bool isLast)
    {
        MultipartPiece delimiter = Delimiter(bytes, FirstDelimiter);
        if (delimiter.Kind is MultipartPieceKind.Structure || (delimiter.Kind is MultipartPieceKind.NeedsMore && !isLast))
        {
            return delimiter;
        }

        _place = Place.Content;
        return Content(bytes, searchedBytes: 0, isLast);
    }

    private MultipartPiece Content(ReadOnlySpan<byte> bytes, int searchedBytes, bool isLast)
    {
        (int end, bool isStrict) = EndIn(bytes, Math.Max(0, searchedBytes - FirstDelimiter.Length + 1));
        if (end == 0)
        {
            return isStrict ? Delimiter(bytes, _delimiter) : MultipartPiece.Malformed;
        }

        int length = end > 0 ? end : isLast ? bytes.Length : bytes.Length - BeginningAtTheEndOf(bytes);
        return length == 0 ? MultipartPiece.NeedsMore : MultipartPiece.Content(length, endsPart: end > 0 || isLast);
    }

    /// <summary>Where the first delimiter begins, -1 for none, and whether its line end is the one that every recipient takes.</summary>
    private (int At, bool IsStrict) EndIn(ReadOnlySpan<byte> bytes, int from)
    {
        for (int at; (at = bytes[from..].IndexOf(FirstDelimiter)) >= 0; from += at + 1)
        {
            int line = LineEndBefore(bytes[..(from + at)]);
            if (line > 0)
            {
                return (from + at - line, line == 2);
            }
        }

        return (-1, false);
    }

    // Some recipients take a lone line feed or carriage return for a line end.
    private static int LineEndBefore(ReadOnlySpan<byte> bytes) => bytes.EndsWith("\r\n"u8) ? 2 : bytes.EndsWith("\n"u8) || bytes.EndsWith("\r"u8) ? 1 : 0;

    /// <summary>How many of the last bytes may be the beginning of a delimiter, whatever its line end.</summary>
    private int BeginningAtTheEndOf(ReadOnlySpan<byte> bytes)
    {
        int from = Math.Max(0, bytes.Length - _delimiter.Length + 1);
        for (int at; (at = bytes[from..].IndexOfAny((byte)'\r', (byte)'\n')) >= 0; from += at + 1)
        {
            ReadOnlySpan<byte> rest = bytes[(from + at)..];
            if (FirstDelimiter.StartsWith(rest[(rest.StartsWith("\r\n"u8) ? 2 : 1)..]))
            {
                return rest.Length;
            }
        }

        return 0;
    }
}

/// <summary>What a multipart body goes on with.</summary>
internal enum MultipartPieceKind
{
    NeedsMore,
    Malformed,
    Structure,
    Headers,
    Content,
}

/// <summary>A piece of a multipart body.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">All its bytes.</param>
/// <param name="HeaderLength">Of headers: the bytes of the lines, without the empty one behind them.</param>
/// <param name="EndsPart">Of content: the part has no more.</param>
internal readonly record struct MultipartPiece(MultipartPieceKind Kind, int Length = 0, int HeaderLength = 0, bool EndsPart = false)
{
    public static MultipartPiece NeedsMore => new(MultipartPieceKind.NeedsMore);

    public static MultipartPiece Malformed => new(MultipartPieceKind.Malformed);

    public static MultipartPiece Structure(int length) => new(MultipartPieceKind.Structure, length);

    public static MultipartPiece OfHeaders(int lines, int length) => new(MultipartPieceKind.Headers, length, lines);

    public static MultipartPiece Content(int length, bool endsPart) => new(MultipartPieceKind.Content, length, EndsPart: endsPart);
}
