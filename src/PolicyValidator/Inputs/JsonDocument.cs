using System.Globalization;
using System.Text;

namespace PolicyValidator.Inputs;

/// <summary>
/// Reads JSON as protobuf's JSON reader does, which is what Envoy uses: trailing commas, single quotes, keys without quotes and
/// repeated keys pass; comments, leading zeros, NaN and numbers beyond a double do not.
/// </summary>
internal sealed class JsonDocument
{
    private readonly SourceText source;
    private readonly string text;
    private readonly CancellationToken cancellation;
    private int at;
    private int depth;

    private JsonDocument(SourceText source, CancellationToken cancellation) => (this.source, text, this.cancellation) = (source, source.Text, cancellation);

    /// <summary>Reads the one value of the text.</summary>
    public static SourceDocument Read(SourceText source, CancellationToken cancellation = default)
    {
        try
        {
            return new(source, SourceFormat.Json, 0, new JsonDocument(source, cancellation).ReadAll(), []);
        }
        catch (SyntaxException broken)
        {
            return new(source, SourceFormat.Json, 0, null, [broken.Problem]);
        }
    }

    private Node ReadAll()
    {
        Node root = Value();
        SkipBlanks();
        return at == text.Length ? root : throw Problem(at, at + 1, $"{Seen()} after the end of the value", "keep one value in a JSON file");
    }

    private Node Value()
    {
        cancellation.ThrowIfCancellationRequested();
        SkipBlanks();
        return Peek() switch
        {
            '{' => Mapping(),
            '[' => Sequence(),
            '"' or '\'' => Quoted(),
            '-' or (>= '0' and <= '9') => Number(),
            _ => Literal("true") ?? Literal("false") ?? Literal("null")
                ?? throw Problem(at, at + 1, $"{Seen()} where a value should stand", "write a string in quotes, a number, true, false, null, a list or an object"),
        };
    }

    private MappingNode Mapping()
    {
        int start = Open();
        List<MappingEntry> entries = [];
        SkipBlanks();
        while (!Take('}'))
        {
            ScalarNode key = Peek() is '"' or '\'' ? Quoted() : BareKey();
            Expect(':');
            entries.Add(new(key, Value()));
            Separate('}');
        }

        depth--;
        return NodeTree.Adopt(new MappingNode(new(start, at), entries, isFlow: true));
    }

    private SequenceNode Sequence()
    {
        int start = Open();
        List<Node> items = [];
        SkipBlanks();
        while (!Take(']'))
        {
            items.Add(Value());
            Separate(']');
        }

        depth--;
        return NodeTree.Adopt(new SequenceNode(new(start, at), items, isFlow: true));
    }

    private int Open()
    {
        if (++depth > InputLimits.MaxDepth)
        {
            throw Problem(at, at + 1, $"nested deeper than {InputLimits.MaxDepth} levels", "make it flatter: Envoy's reader stops here too");
        }

        return at++;
    }

    /// <summary>After a member: a comma, which may be the last, or the closing bracket.</summary>
    private void Separate(char close)
    {
        SkipBlanks();
        if (Take(','))
        {
            SkipBlanks();
        }
        else if (Peek() != close)
        {
            throw Problem(at, at + 1, $"{Seen()} where ',' or '{close}' should stand", $"separate members by a comma and close with '{close}'");
        }
    }

    private ScalarNode BareKey()
    {
        int start = at;
        while (at < text.Length && (text[at] == '_' || char.IsAsciiLetterOrDigit(text[at])))
        {
            at++;
        }

        string key = text[start..at];
        return key.Length > 0 && !char.IsAsciiDigit(key[0]) && key is not ("null" or "true" or "false")
            ? new(new(start, at), key, ScalarStyle.Plain)
            : throw Problem(start, Math.Max(at, start + 1), $"{(key.Length > 0 ? $"'{key}'" : Seen())} where a key should stand", "write the key in double quotes");
    }

    private ScalarNode Quoted()
    {
        int start = at;
        char quote = text[at++];
        StringBuilder value = new();
        while (true)
        {
            int run = at;
            while (at < text.Length && text[at] != quote && text[at] != '\\')
            {
                at++;
            }

            value.Append(text, run, at - run);
            if (at == text.Length)
            {
                throw Problem(start, at, "a string that does not end", $"close it with {quote}");
            }

            if (text[at++] == quote)
            {
                return new(new(start, at), value.ToString(), quote == '"' ? ScalarStyle.DoubleQuoted : ScalarStyle.SingleQuoted);
            }

            Escape(value);
        }
    }

    private void Escape(StringBuilder value)
    {
        int start = at - 1;
        char letter = Peek();
        at++;
        switch (letter)
        {
            case '"' or '\'' or '\\' or '/':
                value.Append(letter);
                break;
            case 'b' or 'f' or 'n' or 'r' or 't':
                value.Append("\b\f\n\r\t"["bfnrt".IndexOf(letter, StringComparison.Ordinal)]);
                break;
            case 'u':
                Unicode(start, value);
                break;
            case 'U':
                AppendCodePoint(value, Hex(start, 8));
                break;
            default:
                throw Problem(start, Math.Min(at, text.Length), $"unknown escape '{text[start..Math.Min(at, text.Length)]}'", "allowed after a backslash: \" ' \\ / b f n r t u");
        }
    }

    private void Unicode(int start, StringBuilder value)
    {
        uint unit = Hex(start, 4);
        bool isPair = unit is >= 0xD800 and < 0xDC00 && text.AsSpan(at).StartsWith("\\u");
        if (isPair)
        {
            at += 2;
            uint low = Hex(start, 4);
            isPair = low is >= 0xDC00 and < 0xE000;
            value.Append((char)unit).Append((char)low);
        }

        if (unit is >= 0xD800 and < 0xE000 && !isPair)
        {
            throw Problem(start, at, $"'{text[start..at]}' is half of a surrogate pair", "write both halves, or the character itself");
        }

        if (!isPair)
        {
            value.Append((char)unit);
        }
    }

    private uint Hex(int start, int digits)
    {
        int end = at + digits;
        if (end > text.Length || !uint.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
        {
            throw Problem(start, Math.Min(end, text.Length), "an escape without its hexadecimal digits", @"write \u and four digits");
        }

        at = end;
        return value;
    }

    private static void AppendCodePoint(StringBuilder value, uint codePoint) =>
        value.Append((Rune.IsValid(codePoint) ? new Rune(codePoint) : Rune.ReplacementChar).ToString());

    private ScalarNode Number()
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '+' or '-' or '.'))
        {
            at++;
        }

        string number = text[start..at];
        return NumberText.IsJsonNumber(number)
            ? new(new(start, at), number, ScalarStyle.JsonNumber)
            : throw Problem(start, at, $"'{number}' is not a JSON number", "write digits, without leading zeros or a plus sign; other values in quotes");
    }

    private ScalarNode? Literal(string word)
    {
        if (!text.AsSpan(at).StartsWith(word))
        {
            return null;
        }

        at += word.Length;
        return new(new(at - word.Length, at), word, ScalarStyle.JsonLiteral);
    }

    private void Expect(char wanted)
    {
        SkipBlanks();
        if (!Take(wanted))
        {
            throw Problem(at, at + 1, $"{Seen()} where '{wanted}' should stand", $"write '{wanted}' here");
        }
    }

    private bool Take(char wanted)
    {
        bool there = Peek() == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private char Peek() => at < text.Length ? text[at] : '\0';

    private void SkipBlanks()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n')
        {
            at++;
        }
    }

    private string Seen() => at < text.Length ? $"'{new StringInfo(text.Substring(at, Math.Min(2, text.Length - at))).SubstringByTextElements(0, 1)}'" : "the end of the text";

    private SyntaxException Problem(int start, int end, string message, string help) =>
        new(new(new(Math.Min(start, source.Text.Length), Math.Min(end, source.Text.Length)), message, help));
}
