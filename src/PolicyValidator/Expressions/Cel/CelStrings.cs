using System.Buffers;
using System.Globalization;
using System.Text;

namespace PolicyValidator.Expressions.Cel;

/// <summary>Literals of text and bytes: where they end, and what they say.</summary>
internal static class CelStrings
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The place after the closing quote of the literal whose quote stands at <paramref name="quote"/>; null when it has none.</summary>
    public static int? End(string text, int quote, bool raw)
    {
        string mark = new(text[quote], 3);
        return (text.AsSpan(quote).StartsWith(mark) ? Closing(text, quote + 3, mark, raw) : null)
            ?? Closing(text, quote + 1, mark[..1], raw);
    }

    /// <summary>The value of a literal, its bytes as characters; refuses escapes that stand for no character.</summary>
    public static string Value(CelToken token)
    {
        bool bytes = token.Kind == CelTokenKind.Bytes;
        int quote = token.Text.AsSpan().IndexOfAny('"', '\'');
        bool raw = token.Text.AsSpan(0, quote).IndexOfAny('r', 'R') >= 0;
        int width = token.Text.Length - quote >= 6 && token.Text[quote] == token.Text[quote + 1] && token.Text[quote] == token.Text[quote + 2] ? 3 : 1;
        string inside = token.Text[(quote + width)..^width];
        return raw ? Raw(token, inside) : Unescaped(token, inside, bytes);
    }

    private static int? Closing(string text, int from, string mark, bool raw)
    {
        for (int at = from; at < text.Length; at++)
        {
            if (text.AsSpan(at).StartsWith(mark))
            {
                return at + mark.Length;
            }

            if (mark.Length == 1 && text[at] is '\n' or '\r')
            {
                return null;
            }

            if (!raw && text[at] == '\\')
            {
                int length = EscapeLength(text.AsSpan(at));
                if (length == 0)
                {
                    return null;
                }

                at += length - 1;
            }
        }

        return null;
    }

    private static int EscapeLength(ReadOnlySpan<char> text) => text.Length < 2 ? 0 : text[1] switch
    {
        'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '"' or '\'' or '\\' or '?' or '`' => 2,
        'x' or 'X' => IsHex(text, 2) ? 4 : 0,
        'u' => IsHex(text, 4) ? 6 : 0,
        'U' => IsHex(text, 8) ? 10 : 0,
        >= '0' and <= '3' => text.Length >= 4 && text[2] is >= '0' and <= '7' && text[3] is >= '0' and <= '7' ? 4 : 0,
        _ => 0,
    };

    private static bool IsHex(ReadOnlySpan<char> text, int digits) =>
        text.Length >= digits + 2 && !text.Slice(2, digits).ContainsAnyExcept(HexDigits);

    private static string Raw(CelToken token, string inside)
    {
        int backslashes = inside.Length - inside.TrimEnd('\\').Length;
        return backslashes % 2 == 0
            ? inside
            : throw CelException.Syntax(token, $"the raw string {token.Text} ends with a backslash, which CEL does not let stand before the quote; write it without r, as \\\\");
    }

    private static string Unescaped(CelToken token, string inside, bool bytes)
    {
        StringBuilder value = new();
        for (int at = 0; at < inside.Length; at++)
        {
            if (inside[at] != '\\')
            {
                value.Append(inside[at]);
                continue;
            }

            int length = EscapeLength(inside.AsSpan(at));
            string escape = inside.Substring(at, length);
            value.Append(Character(token, escape, bytes));
            at += length - 1;
        }

        return value.ToString();
    }

    private static string Character(CelToken token, string escape, bool bytes)
    {
        if (bytes && escape[1] is 'u' or 'U')
        {
            throw CelException.Syntax(token, $"{escape} stands for a character, and {token.Text} is bytes; write \\xHH for each byte");
        }

        int code = escape[1] switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            'x' or 'X' or 'u' or 'U' => (int)uint.Parse(escape.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            >= '0' and <= '3' => ((escape[1] - '0') * 64) + ((escape[2] - '0') * 8) + escape[3] - '0',
            char other => other,
        };
        return Rune.IsValid(code)
            ? new Rune(code).ToString()
            : throw CelException.Syntax(token, $"{escape} is not a Unicode character; characters are \\u0000 to \\U0010FFFF without the surrogates \\uD800 to \\uDFFF");
    }
}
