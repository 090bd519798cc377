using System.Buffers;

namespace ExtProc;

/// <summary>
/// Why something was refused or failed. One code each, the same in Envoy's response code details, the gRPC status text, the log
/// line and the exchange's notes.
/// </summary>
public static class Reasons
{
    private const int LongestCode = 64, LongestDetails = 128;

    private static readonly SearchValues<char> CodeLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>A header or trailer change came after they had gone to Envoy.</summary>
    public const string HeadersGone = "headers_gone";

    /// <summary>A change of headers or trailers that never came: Envoy does not send them, or the peer sent none.</summary>
    public const string HeadersAbsent = "headers_absent";

    /// <summary>A header that Envoy's mutation rules protect, or that this server keeps right itself.</summary>
    public const string HeaderProtected = "header_protected";

    /// <summary>More header lines or bytes than Envoy takes.</summary>
    public const string HeaderLimit = "header_limit";

    /// <summary>The body send mode cannot give a processor what it needs.</summary>
    public const string ModeUnsupported = "mode_unsupported";

    /// <summary>Envoy did not take a mode override that the processor needs.</summary>
    public const string OverrideMissed = "override_missed";

    /// <summary>Bytes were to be held back where the end of the body cannot be seen, or more than was declared.</summary>
    public const string HoldRefused = "hold_refused";

    /// <summary>A body is larger than a processor takes.</summary>
    public const string BodyOverLimit = "body_over_limit";

    /// <summary>A body that the processor cannot read: of a type, charset or framing that it did not declare (<see cref="BodyNeed.Reads"/>).</summary>
    public const string BodyUnreadable = "body_unreadable";

    /// <summary>A processor made more bytes than the limits allow.</summary>
    public const string OutputLimit = "output_limit";

    /// <summary>A response that carries no body (204, 304, to HEAD) was to be given one, or a body was to be given in another way that HTTP forbids.</summary>
    public const string BodyForbidden = "body_forbidden";

    /// <summary>A response was to be sent after the response's headers had gone.</summary>
    public const string ResponseStarted = "response_started";

    /// <summary>Envoy is declared to refuse immediate responses.</summary>
    public const string ResponsesDisabled = "responses_disabled";

    /// <summary>A change in observability mode, where Envoy takes none, or by a processor that declared itself read-only.</summary>
    public const string ChangeWithoutEffect = "change_without_effect";

    /// <summary>A processor threw.</summary>
    public const string ProcessorFailed = "processor_failed";

    /// <summary>A processor took longer than it may.</summary>
    public const string ProcessorTimeout = "processor_timeout";

    /// <summary>The peer left replies unread, or a message unfinished, for too long.</summary>
    public const string Stalled = "stalled";

    /// <summary>Envoy sent what its protocol does not allow, or bytes that are no message.</summary>
    public const string ProtocolViolation = "protocol_violation";

    /// <summary>A received message has more lines, fields or bytes than the limits allow (<c>limits.receivedHeaderCount</c>, <c>limits.receivedHeaderBytes</c>, <c>transport.receiveLimitBytes</c>).</summary>
    public const string ReceivedLimit = "received_limit";

    /// <summary>The body ended while bytes of it were held back.</summary>
    public const string BytesHeldAtEnd = "bytes_held_at_end";

    /// <summary>The server is stopping.</summary>
    public const string Draining = "draining";

    /// <summary>The deadline that the peer named for the whole stream (<c>grpc-timeout</c>) has passed.</summary>
    public const string DeadlinePassed = "deadline_passed";

    /// <summary>The server's memory budget was used up, and much of it waited for this exchange.</summary>
    public const string MemoryBudget = "memory_budget";

    /// <summary>Too many exchanges decode bodies at one time (<c>limits.decodingExchanges</c>).</summary>
    public const string DecodingLimit = "decoding_limit";

    /// <summary>A body that is not what its content-encoding says, or that grew beyond its limit when it was.</summary>
    public const string EncodingFailed = "encoding_failed";

    /// <summary>An API was used out of turn: after its handler had ended, or by two threads.</summary>
    public const string OutOfTurn = "out_of_turn";

    /// <summary>Whether a text can be a code: short, and of letters that are the same in every log and header.</summary>
    internal static bool IsCode(string? text) => text is { Length: > 0 and <= LongestCode } && !text.AsSpan().ContainsAnyExcept(CodeLetters);

    /// <summary>A text as one word that Envoy's access log, where blanks part fields, can hold.</summary>
    internal static string AsDetails(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string cut = text.Length <= LongestDetails ? text : text[..LongestDetails];
        return cut.AsSpan().ContainsAnyExceptInRange('!', '~') ? string.Concat(cut.Select(letter => letter is >= '!' and <= '~' ? letter : '_')) : cut;
    }
}
