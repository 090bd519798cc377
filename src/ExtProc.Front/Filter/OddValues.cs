using System.Buffers;
using System.Globalization;

namespace ExtProc.Front.Filter;

/// <summary>
/// Values of pseudo headers that Envoy leaves out of a mutation without a word, while it applies the rest. Measured on 1.36 to 1.40; any
/// <c>:path</c> and <c>:method</c> is taken, also an empty one.
/// </summary>
internal static class OddValues
{
    private const NumberStyles AsEnvoyReads = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign;
    private const uint LeastStatus = 200;

    // RFC 3986's characters of an authority, as nghttp2 has them.
    private static readonly SearchValues<char> InAuthority =
        SearchValues.Create("!$%&'()*+,-.0123456789:;=@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~");

    /// <summary>Why Envoy leaves the header as it was; null when it takes the value.</summary>
    public static string? Why(string name, string value) => name switch
    {
        ":status" when !uint.TryParse(value, AsEnvoyReads, CultureInfo.InvariantCulture, out uint status) || status < LeastStatus =>
            $"Envoy ignores :status \"{value}\": it takes whole numbers from {LeastStatus} on",
        ":authority" or "host" when value.AsSpan().IndexOfAnyExcept(InAuthority) >= 0 =>
            $"Envoy ignores {name} \"{value}\": it has a character that no authority may have",
        _ => null,
    };
}
