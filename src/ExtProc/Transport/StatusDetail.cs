using System.Text;

namespace ExtProc.Transport;

/// <summary>
/// Bounds the text of a status. It travels percent-encoded in the trailer <c>grpc-message</c>
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Responses), where a character may take twelve bytes.
/// </summary>
internal static class StatusDetail
{
    /// <summary>
    /// The most bytes of an encoded text. Envoy 1.37 to 1.40 closes a connection on which a block of headers is larger than it takes
    /// (60 KiB unless configured), and with it every exchange on that connection.
    /// </summary>
    public const int MostBytes = 500;

    private const string Cut = "...";

    // Three bytes of UTF-8, three letters each; a pair of surrogates takes less for each of the two.
    private const int LongestUnit = 9;

    /// <summary>The text; one that would be too long when it is encoded ends in three dots, after a whole character.</summary>
    public static string Shorten(string text)
    {
        if (text.Length * LongestUnit <= MostBytes)
        {
            return text;
        }

        (int bytes, int length, int lengthBeforeCut) = (0, 0, 0);
        foreach (Rune character in text.EnumerateRunes())
        {
            bytes += EncodedBytes(character);
            if (bytes > MostBytes)
            {
                return text[..lengthBeforeCut] + Cut;
            }

            length += character.Utf16SequenceLength;
            lengthBeforeCut = bytes <= MostBytes - Cut.Length ? length : lengthBeforeCut;
        }

        return text;
    }

    // Space to tilde represent themselves, except for the percent sign; of all others each byte of UTF-8 takes three.
    private static int EncodedBytes(Rune character) =>
        character.Value is >= ' ' and <= '~' and not '%' ? 1 : 3 * character.Utf8SequenceLength;
}
