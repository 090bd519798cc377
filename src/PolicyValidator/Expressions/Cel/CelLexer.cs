using System.Buffers;

namespace PolicyValidator.Expressions.Cel;

/// <summary>Cuts an expression into words, as the lexer of CEL's C++ grammar does: the longest word wins.</summary>
internal sealed class CelLexer(string text)
{
    private static readonly SearchValues<char> Blank = SearchValues.Create(" \t\r\n\f");
    private static readonly SearchValues<char> QuotedName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/ ");

    // Two-character operators come before their beginnings.
    private static readonly string[] Symbols =
    [
        "==", "!=", "<=", ">=", "&&", "||",
        "<", ">", "[", "]", "{", "}", "(", ")", ".", ",", "-", "!", "?", ":", "+", "*", "/", "%",
    ];

    private int at;

    /// <summary>All words, the last of them the end.</summary>
    public List<CelToken> Tokens()
    {
        List<CelToken> tokens = [];
        for (SkipBlanks(); at < text.Length; SkipBlanks())
        {
            CelToken token = Next();
            tokens.Add(token);
            at = token.Offset + token.Text.Length;
        }

        tokens.Add(new(CelTokenKind.End, "", text.Length));
        return tokens;
    }

    private void SkipBlanks()
    {
        while (at < text.Length && (Blank.Contains(text[at]) || text.AsSpan(at).StartsWith("//")))
        {
            int end = Blank.Contains(text[at]) ? at + 1 : text.IndexOf('\n', at);
            at = end < 0 ? text.Length : end;
        }
    }

    private CelToken Next()
    {
        char first = text[at];
        if (StringPrefix() is { } prefix)
        {
            int end = CelStrings.End(text, at + prefix.Length, raw: prefix.AsSpan().IndexOfAny('r', 'R') >= 0)
                ?? throw CelException.Syntax(at, text.Length - at, $"the text that begins with {text.AsSpan(at, Math.Min(text.Length - at, 12))} has no end, "
                    + "or holds a backslash that is not one of \\a \\b \\f \\n \\r \\t \\v \\\" \\' \\\\ \\? \\` \\xHH \\ooo \\uHHHH \\UHHHHHHHH; "
                    + "close the quote, or write it as a raw string: r\"…\"");
            return Token(prefix.AsSpan().IndexOfAny('b', 'B') >= 0 ? CelTokenKind.Bytes : CelTokenKind.String, end);
        }

        if (char.IsAsciiDigit(first) || (first == '.' && IsDigit(at + 1)))
        {
            return Number();
        }

        if (char.IsAsciiLetter(first) || first == '_')
        {
            int end = at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }

            return Token(text[at..end] is "true" or "false" or "null" or "in" ? CelTokenKind.Keyword : CelTokenKind.Identifier, end);
        }

        return first == '`' ? Quoted() : Symbol();
    }

    private CelToken Token(CelTokenKind kind, int end) => new(kind, text[at..end], at);

    private CelToken Symbol()
    {
        foreach (string symbol in Symbols)
        {
            if (text.AsSpan(at).StartsWith(symbol))
            {
                return Token(CelTokenKind.Symbol, at + symbol.Length);
            }
        }

        string found = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? text[at..(at + 2)] : text[at..(at + 1)];
        string advice = found switch
        {
            "=" => "compare with ==",
            "&" => "and is &&",
            "|" => "or is ||",
            "#" => "a comment begins with //",
            _ => "text stands in quotes",
        };
        throw CelException.Syntax(at, found.Length, $"\"{found}\" is not part of CEL outside of quotes; {advice}");
    }

    private CelToken Quoted()
    {
        int end = at + 1;
        while (end < text.Length && QuotedName.Contains(text[end]))
        {
            end++;
        }

        return end > at + 1 && end < text.Length && text[end] == '`'
            ? Token(CelTokenKind.QuotedIdentifier, end + 1)
            : throw CelException.Syntax(at, end - at, "a name in backquotes holds letters, digits and _ . - / or blanks, and ends with a backquote");
    }

    private CelToken Number()
    {
        if (text.AsSpan(at).StartsWith("0x") && at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 2]))
        {
            int hexEnd = at + 2;
            while (hexEnd < text.Length && char.IsAsciiHexDigit(text[hexEnd]))
            {
                hexEnd++;
            }

            return Whole(hexEnd);
        }

        int whole = Digits(at);
        int fraction = whole < text.Length && text[whole] == '.' && IsDigit(whole + 1) ? Digits(whole + 1) : whole;
        int end = Exponent(fraction);
        return end == whole ? Whole(whole) : Token(CelTokenKind.Float, end);
    }

    private CelToken Whole(int end) =>
        end < text.Length && text[end] is 'u' or 'U' ? Token(CelTokenKind.Uint, end + 1) : Token(CelTokenKind.Int, end);

    private int Exponent(int from)
    {
        if (from >= text.Length || text[from] is not ('e' or 'E'))
        {
            return from;
        }

        int digits = from + 1 < text.Length && text[from + 1] is '+' or '-' ? from + 2 : from + 1;
        return IsDigit(digits) ? Digits(digits) : from;
    }

    private int Digits(int from)
    {
        while (IsDigit(from))
        {
            from++;
        }

        return from;
    }

    private bool IsDigit(int place) => place < text.Length && char.IsAsciiDigit(text[place]);

    // b, r or br in either case, right before a quote.
    private string? StringPrefix()
    {
        int quote = at;
        quote += quote < text.Length && text[quote] is 'b' or 'B' ? 1 : 0;
        quote += quote < text.Length && text[quote] is 'r' or 'R' ? 1 : 0;
        return quote < text.Length && text[quote] is '"' or '\'' ? text[at..quote] : null;
    }
}
