using System.Buffers;
using System.Globalization;
using System.Text;

namespace ExtProc.Transport;

/// <summary>
/// The percent-encoding of the trailer <c>grpc-message</c>: UTF-8, of which space to tilde stand for themselves, but for the
/// percent sign (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Responses).
/// </summary>
internal static class GrpcMessageText
{
    /// <summary>
    /// The most bytes of an encoded message. Envoy 1.37 to 1.40 closes a connection on which a block of headers comes that is too large
    /// for it (60 KiB unless configured), and with it every exchange on that connection.
    /// </summary>
    public const int MostBytes = 500;

    private const string Cut = "...";

    // Four bytes of UTF-8, three letters each.
    private const int LongestCharacter = 12;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        string.Concat(Enumerable.Range(0x20, 0x7F - 0x20).Select(code => (char)code).Where(character => character != '%')));

    /// <summary>Encodes a status message for the wire; one that would be too long ends in three dots, after a whole character.</summary>
    public static string Encode(string message) =>
        message.Length <= MostBytes && !message.AsSpan().ContainsAnyExcept(Plain) ? message : EncodeAll(message);

    private static string EncodeAll(string message)
    {
        var text = new StringBuilder(MostBytes);
        int whole = 0; // letters up to the last character that leaves room for the dots
        Span<char> encoded = stackalloc char[LongestCharacter];
        foreach (Rune character in message.EnumerateRunes())
        {
            int length = Encode(character, encoded);
            if (text.Length + length > MostBytes)
            {
                text.Length = whole;
                return text.Append(Cut).ToString();
            }

            text.Append(encoded[..length]);
            whole = text.Length <= MostBytes - Cut.Length ? text.Length : whole;
        }

        return text.ToString();
    }

    private static int Encode(Rune character, Span<char> encoded)
    {
        if (character.IsAscii && Plain.Contains((char)character.Value))
        {
            encoded[0] = (char)character.Value;
            return 1;
        }

        Span<byte> codes = stackalloc byte[4];
        int count = character.EncodeToUtf8(codes);
        for (int at = 0; at < count; at++)
        {
            encoded[at * 3] = '%';
            codes[at].TryFormat(encoded[((at * 3) + 1)..], out _, "X2", CultureInfo.InvariantCulture);
        }

        return count * 3;
    }
}
