namespace PolicyValidator.Expressions.Re2;

/// <summary>Escapes that stand for one character: <c>\n</c>, <c>\x41</c>, <c>\x{263A}</c>, <c>\101</c>, <c>\.</c>.</summary>
internal static class EscapeParser
{
    /// <summary>Reads the escape that begins at the backslash.</summary>
    public static int Parse(PatternText text)
    {
        int begin = text.Position;
        if (text.Left < 2)
        {
            throw text.Bare("trailing \\", begin);
        }

        text.Take();
        int letter = text.Take();
        return letter switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'a' => '\a',
            'f' => '\f',
            'v' => '\v',
            'x' => Hexadecimal(text, begin),
            '0' => Octal(text, begin, 0),
            // One non-zero octal digit would be a back-reference, which RE2 does not have.
            >= '1' and <= '7' when text.Peek() is >= '0' and <= '7' => Octal(text, begin, letter - '0'),
            < 0x80 when !char.IsAsciiLetterOrDigit((char)letter) => letter,
            _ => throw Bad(text, begin),
        };
    }

    private static int Octal(PatternText text, int begin, int code)
    {
        for (int digits = 1; digits < 3 && text.Peek() is >= '0' and <= '7'; digits++)
        {
            code = (code * 8) + text.Take() - '0';
        }

        return code <= text.Dialect.MaxRune ? code : throw Bad(text, begin);
    }

    private static int Hexadecimal(PatternText text, int begin)
    {
        if (text.AtEnd)
        {
            throw Bad(text, begin);
        }

        int first = text.Take();
        if (first == '{')
        {
            return Braced(text, begin);
        }

        if (text.AtEnd)
        {
            throw Bad(text, begin);
        }

        int second = text.Take();
        return IsHex(first) && IsHex(second) ? (Value(first) * 16) + Value(second) : throw Bad(text, begin);
    }

    private static int Braced(PatternText text, int begin)
    {
        if (text.AtEnd)
        {
            throw text.Bare("invalid UTF-8", begin);
        }

        int code = 0;
        int digits = 0;
        while (!text.AtEnd)
        {
            int next = text.Take();
            if (next == '}' && digits > 0)
            {
                return code;
            }

            if (!IsHex(next) || (code = (code * 16) + Value(next)) > text.Dialect.MaxRune)
            {
                break;
            }

            digits++;
        }

        throw Bad(text, begin);
    }

    private static bool IsHex(int rune) => rune < 0x80 && char.IsAsciiHexDigit((char)rune);

    private static int Value(int digit) => Convert.ToInt32(((char)digit).ToString(), 16);

    private static PatternException Bad(PatternText text, int begin) => text.Error("invalid escape sequence", begin, text.Position);
}
