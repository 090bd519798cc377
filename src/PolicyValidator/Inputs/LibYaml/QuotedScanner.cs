using System.Globalization;
using System.Text;
using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>Reads a scalar in quotes.</summary>
internal sealed class QuotedScanner(Cursor at)
{
    private const string Letters = "0abt\tnvfre \"'\\N_LP";
    private const string Meanings = "\0\a\b\t\t\n\v\f\r\u001b \"'\\\u0085\u00a0\u2028\u2029";

    private readonly StringBuilder value = new();
    private readonly Gap gap = new();

    /// <summary>Reads to its end.</summary>
    public Token Scan()
    {
        int start = at.At;
        char quote = at.Take();
        while (true)
        {
            if (at.IsAtMarker || at.IsAtEnd)
            {
                throw at.IsAtEnd
                    ? Refusal.At(start, at.At, "a quoted string that does not end", $"close it with {quote}")
                    : Refusal.At(at.At, at.At + 3, "a document marker at the beginning of a line in a quoted string", "indent the line, or close the string before it");
            }

            Word(quote);
            if (at.Here == quote)
            {
                at.Take();
                return new(TokenKind.OtherScalar, start) { End = at.At, Value = value.ToString(), Style = quote == '"' ? ScalarStyle.DoubleQuoted : ScalarStyle.SingleQuoted };
            }

            gap.Take(at, blank: null);
            gap.Close(value);
        }
    }

    private void Word(char quote)
    {
        while (!at.IsAtBlankBreakOrEnd && (at.Here != quote || (quote == '\'' && at.Ahead(1) == '\'')))
        {
            if (quote == '"' && at.Here == '\\' && Cursor.IsBreak(at.Ahead(1)))
            {
                at.Take();
                gap.SkipBreak(at);
                return;
            }

            if (quote == '"' && at.Here == '\\')
            {
                Escape();
                continue;
            }

            value.Append(at.Take());
            at.Skip(value[^1] == '\'' && quote == '\'' ? 1 : 0);
        }
    }

    private void Escape()
    {
        int start = at.At;
        at.Take();
        char letter = at.Here;
        int meaning = Letters.IndexOf(letter, StringComparison.Ordinal), digits = letter switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (letter == '\0' || (meaning < 0 && digits == 0))
        {
            throw Refusal.At(start, at.At + 1, $"unknown escape '\\{letter}'", "double the backslash, or put the text in single quotes");
        }

        at.Take();
        value.Append(meaning >= 0 ? Meanings[meaning].ToString() : CodePoint(start, digits));
    }

    private string CodePoint(int start, int length)
    {
        Span<char> digits = stackalloc char[length];
        for (int index = 0; index < length; index++)
        {
            digits[index] = at.Ahead(index);
        }

        if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code) || code is (>= 0xd800 and <= 0xdfff) or > 0x10ffff)
        {
            throw Refusal.At(start, at.At, "an escape that is no character", $"write {length} hexadecimal digits, or the character itself");
        }

        at.Skip(length);
        return char.ConvertFromUtf32((int)code);
    }
}
