using System.Numerics;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>Integers as Go's <c>strconv</c> reads them when the prefix says the base.</summary>
internal static class GoInteger
{
    private const int MaxDigits = 70;

    /// <summary>A signed or unsigned number of 64 bits; null when the text is none.</summary>
    public static BigInteger? Parse(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan(text is ['+' or '-', ..] ? 1 : 0);
        (int numberBase, int prefix) = rest switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };
        if (rest.Length == prefix || rest.Length > MaxDigits || Value(rest[prefix..], numberBase) is not { } value)
        {
            return null;
        }

        value = text[0] == '-' ? -value : value;
        bool isUnsigned = text[0] is not ('+' or '-') && value <= ulong.MaxValue;
        return value >= long.MinValue && (value <= long.MaxValue || isUnsigned) ? value : null;
    }

    private static BigInteger? Value(ReadOnlySpan<char> digits, int numberBase)
    {
        BigInteger value = 0;
        foreach (char letter in digits)
        {
            int digit = char.IsAsciiHexDigit(letter) ? Convert.ToInt32(letter.ToString(), 16) : numberBase;
            if (digit >= numberBase)
            {
                return null;
            }

            value = (value * numberBase) + digit;
        }

        return value;
    }
}
