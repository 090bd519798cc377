using System.Buffers.Text;

namespace ExtProc.Pipeline.Reading;

/// <summary>What an exchange's headers say of a body before any of it is here.</summary>
internal static class BodyFacts
{
    private const int ShownLetters = 80;

    /// <summary>
    /// Whether bytes after these headers are no HTTP body: what follows a CONNECT, also an extended one (<c>:protocol</c>), or an
    /// upgrade (RFC 9110 sections 7.8 and 9.3.6). Envoy shows an upgrade over HTTP/2 as HTTP/1.1 makes it.
    /// </summary>
    public static bool IsTunnel(Exchange exchange, Direction direction) => direction is Direction.Request
        ? IsConnect(exchange.RequestHeaders) || IsUpgrade(exchange.RequestHeaders)
        : IsTunnelStatus(StatusOf(exchange), IsConnect(exchange.RequestHeaders));

    /// <summary>Whether the body is a part, or a change, of what the type describes: a range (RFC 9110 section 14) or a delta (RFC 3229).</summary>
    public static bool IsRange(Exchange exchange, Direction direction)
    {
        ReadOnlySpan<byte> status = direction is Direction.Response ? StatusOf(exchange) : default;
        if (status.SequenceEqual("206"u8) || status.SequenceEqual("226"u8))
        {
            return true;
        }

        // With 416 it says how long the whole is, of which the body is no part.
        return exchange.Headers(direction).Contains("content-range") && !status.SequenceEqual("416"u8);
    }

    /// <summary>How many bytes the body has; null when the headers do not say it.</summary>
    public static long? Length(HeaderMap headers) =>
        headers.TryGetReceived("content-length"u8, out ReadOnlySpan<byte> text) && Utf8Parser.TryParse(text, out long length, out int used) && used == text.Length ? length : null;

    /// <summary>The field value of content-type; null when there is none. Two lines are one, as proxies join them.</summary>
    public static string? ContentType(HeaderMap headers)
    {
        string type = string.Join(", ", headers.Values("content-type"));
        return string.IsNullOrWhiteSpace(type) ? null : type;
    }

    /// <summary>A peer's text as a message may hold it.</summary>
    public static string Shown(string text)
    {
        string cut = text.Length <= ShownLetters ? text : $"{text[..ShownLetters]}...";
        return string.Concat(cut.Select(letter => letter is >= ' ' and <= '~' ? letter : '?'));
    }

    private static ReadOnlySpan<byte> StatusOf(Exchange exchange) =>
        exchange.ResponseHeaders.TryGetReceived(":status"u8, out ReadOnlySpan<byte> status) ? status : default;

    private static bool IsTunnelStatus(ReadOnlySpan<byte> status, bool isConnect) => status.SequenceEqual("101"u8) || (isConnect && status.StartsWith("2"u8));

    private static bool IsConnect(HeaderMap headers) =>
        headers.TryGetReceived(":protocol"u8, out _) || (headers.TryGetReceived(":method"u8, out ReadOnlySpan<byte> method) && method.SequenceEqual("CONNECT"u8));

    private static bool IsUpgrade(HeaderMap headers) => headers.TryGetReceived("upgrade"u8, out ReadOnlySpan<byte> protocol) && !protocol.IsEmpty
        && headers.Values("connection").Any(line => line.Split(',').Any(option => option.Trim().Equals("upgrade", StringComparison.OrdinalIgnoreCase)));
}
