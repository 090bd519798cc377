using System.Globalization;

namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>Escapes in quoted scalars.</summary>
internal static class Escapes
{
    private const string Letters = "0abt\tnvfre \"'\\/N_LP";
    private const string Meanings = "\0\a\b\t\t\n\v\f\r\u001b \"'\\/\u0085\u00a0\u2028\u2029";

    /// <summary>What the escape here stands for: a backslash and what follows, or a doubled single quote.</summary>
    public static string Read(Cursor at)
    {
        int start = at.At;
        char escape = at.Take(), letter = at.Take();
        if (escape == '\'')
        {
            return "'";
        }

        int meaning = Letters.IndexOf(letter, StringComparison.Ordinal);
        return (meaning, letter) switch
        {
            (>= 0, _) => Meanings[meaning].ToString(),
            (_, 'x') => CodePoint(at, start, 2),
            (_, 'u') => CodePoint(at, start, 4),
            (_, 'U') => CodePoint(at, start, 8),
            _ => throw Refusal.At(start, at.At, $"unknown escape '\\{letter}'", "double the backslash, or put the text in single quotes"),
        };
    }

    private static string CodePoint(Cursor at, int start, int length)
    {
        Span<char> digits = stackalloc char[length];
        for (int index = 0; index < length; index++)
        {
            digits[index] = at.Take();
        }

        if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code))
        {
            throw Refusal.At(start, at.At, "an escape without its hexadecimal digits", $"write {length} of them");
        }

        return code is (< 0xd800 or > 0xdfff) and <= 0x10ffff
            ? char.ConvertFromUtf32((int)code)
            : throw Refusal.At(start, at.At, "an escape that is no character", "write the character itself, or the escape \\U and its eight digits");
    }
}
