using System.Globalization;
using System.Text;

namespace ExtProc.Telemetry;

/// <summary>
/// Text for a log line that people and programs read: one line, of bounded length, without active characters. Peers choose parts of what is
/// logged; a terminal obeys escape sequences, C1 controls and changes of the writing direction, and shows some characters as nothing.
/// </summary>
internal static class LogText
{
    /// <summary>The longest line, in characters. It is enough to find what a client sent by its beginning, and a pipe takes this much atomically.</summary>
    public const int LongestLine = 4000;

    private const string LineEnd = " | ";

    /// <summary>Blocks of right-to-left letters, which make a terminal reorder the text beside them.</summary>
    private static readonly (int First, int Last)[] RightToLeft = [(0x590, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF), (0x10800, 0x10FFF), (0x1E800, 0x1EFFF)];

    /// <summary>Letters and signs that are blank: the fillers of Hangul, and Braille without a dot.</summary>
    private static readonly int[] Blank = [0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0];

    /// <summary>
    /// The text as one line: letters, digits, signs and blanks as they are, line ends as <c> | </c>, anything else as <c>\u001b</c>. What
    /// is over the limit is left out, and the end says how much.
    /// </summary>
    public static string Line(string text, int mostLetters = LongestLine) =>
        text.Length <= mostLetters && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text : Escaped(text, mostLetters);

    private static string Escaped(string text, int mostLetters)
    {
        StringBuilder line = new(Math.Min(text.Length, mostLetters));
        int at = 0;
        while (at < text.Length && line.Length < mostLetters)
        {
            at += Append(line, text, at);
        }

        return at == text.Length ? line.ToString() : line.Append(CultureInfo.InvariantCulture, $"... ({text.Length - at} letters more)").ToString();
    }

    /// <summary>Appends the character that begins at a place.</summary>
    /// <returns>How many letters of the text it was.</returns>
    private static int Append(StringBuilder line, string text, int at)
    {
        if (text[at] is '\r' or '\n')
        {
            line.Append(LineEnd);
            return text.AsSpan(at).StartsWith("\r\n", StringComparison.Ordinal) ? 2 : 1;
        }

        bool isWhole = Rune.TryGetRuneAt(text, at, out Rune character);
        int length = isWhole ? character.Utf16SequenceLength : 1;
        foreach (char letter in text.AsSpan(at, length))
        {
            _ = isWhole && IsPlain(character) ? line.Append(letter) : line.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        }

        return length;
    }

    private static bool IsPlain(Rune character) => character.IsAscii
        ? character.Value is >= ' ' and <= '~'
        : (Rune.IsLetterOrDigit(character) || Rune.IsPunctuation(character) || Rune.IsSymbol(character))
            && !Array.Exists(RightToLeft, block => character.Value >= block.First && character.Value <= block.Last)
            && !Blank.Contains(character.Value);
}
