using System.Globalization;

namespace PolicyValidator.Expressions.JsonPath;

/// <summary>
/// Reads the paths of <c>github.com/ohler55/ojg/jp</c> 1.28, the library of Envoy Gateway, with its own idea of the language: a name
/// ends at a dash, <c>!</c> takes everything behind it, <c>&amp;&amp;</c> and <c>||</c> are equals.
/// </summary>
internal sealed class JsonPathParser
{
    /// <summary>The longest path that is read, in characters.</summary>
    public const int MostCharacters = 8_192;

    private const char End = '\0';

    private readonly string text;
    private readonly FilterParser filters;

    private JsonPathParser(string text) => (this.text, filters) = (text, new FilterParser(this));

    /// <summary>How many characters are read.</summary>
    public int At { get; set; }

    /// <summary>The next character.</summary>
    public char Peek => At < text.Length ? text[At] : End;

    /// <summary>Reads a path.</summary>
    /// <exception cref="JsonPathException">Envoy Gateway refuses it.</exception>
    /// <exception cref="PathNotFollowedException">It is too long.</exception>
    public static IReadOnlyList<PathStep> Parse(string text)
    {
        if (text.Length > MostCharacters)
        {
            throw new PathNotFollowedException($"it is longer than {MostCharacters} characters");
        }

        JsonPathParser parser = new(text);
        IReadOnlyList<PathStep> steps = parser.Steps();
        return parser.At < text.Length ? throw parser.Refused("parse error")
            : steps is [PathStep.Root] ? throw parser.Refused("using only Root ('$') in json path expression is not allowed")
            : steps;
    }

    /// <summary>Reads as many steps as there are.</summary>
    public IReadOnlyList<PathStep> Steps()
    {
        List<PathStep> steps = [];
        while (Step(steps.Count == 0, steps is [.., PathStep.Descent]) is { } step)
        {
            steps.Add(step);
        }

        return steps;
    }

    /// <summary>Takes the next character.</summary>
    public char Take() => At < text.Length ? text[At++] : throw Refused("not terminated");

    /// <summary>Passes over blanks.</summary>
    public void SkipBlanks()
    {
        while (Peek == ' ')
        {
            At++;
        }
    }

    /// <summary>Takes a character behind blanks.</summary>
    public void Expect(char wanted)
    {
        SkipBlanks();
        if (Peek != wanted)
        {
            throw Refused("not terminated");
        }

        At++;
    }

    /// <summary>Takes letters as long as they are some.</summary>
    public string TakeWhile(Func<char, bool> some)
    {
        int start = At;
        while (At < text.Length && some(text[At]))
        {
            At++;
        }

        return text[start..At];
    }

    /// <summary>Whether something stands next.</summary>
    public bool IsNext(string words) => string.CompareOrdinal(text, At, words, 0, words.Length) == 0;

    /// <summary>The error that ends the reading here.</summary>
    public JsonPathException Refused(string message) => new(message, At);

    /// <summary>Reads a string up to its quote, which is taken already.</summary>
    public string Quoted(char quote)
    {
        System.Text.StringBuilder value = new();
        for (char next = Take(); next != quote; next = Take())
        {
            value.Append(next == '\\' ? Escaped() : next);
        }

        return value.ToString();
    }

    private char Escaped() => Take() switch
    {
        'b' => '\b',
        't' => '\t',
        'n' => '\n',
        'f' => '\f',
        'r' => '\r',
        'x' => Hex(2),
        'u' or 'U' => Hex(4),
        var plain and ('"' or '\'' or '\\') => plain,
        _ => throw Refused("not a valid escaped character"),
    };

    private char Hex(int digits)
    {
        string value = TakeWhile(char.IsAsciiHexDigit);
        At -= Math.Max(0, value.Length - digits);
        return value.Length < digits ? throw Refused("not a valid hexadouble character") : (char)int.Parse(value.AsSpan(0, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private PathStep? Step(bool isFirst, bool isBehindDescent)
    {
        switch (Peek)
        {
            case '$' when isFirst:
                At++;
                return new PathStep.Root();
            case '@' when isFirst:
                At++;
                return new PathStep.Current();
            case '.':
                At++;
                return BehindDot();
            case '*':
                At++;
                return new PathStep.Wildcard();
            case '[':
                At++;
                return InBrackets();
            case var letter when IsOfName(letter) && (isFirst || isBehindDescent):
                return new PathStep.Child(TakeWhile(IsOfName));
            default:
                return null;
        }
    }

    private PathStep BehindDot()
    {
        switch (Peek)
        {
            case '*':
                At++;
                return new PathStep.Wildcard();
            case '.':
                At++;
                return new PathStep.Descent();
            case var letter when IsOfName(letter):
                return new PathStep.Child(TakeWhile(IsOfName));
            default:
                throw Refused(At < text.Length ? $"an expression fragment can not start with a '{Peek}'" : "not terminated");
        }
    }

    private PathStep InBrackets()
    {
        SkipBlanks();
        PathStep step;
        switch (Peek)
        {
            case '*':
                At++;
                step = new PathStep.Wildcard();
                break;
            case '?':
                At++;
                step = new PathStep.Filter(filters.Condition());
                break;
            case '(':
                throw Refused("jp.CompileScript has not been set");
            case ':':
                step = Slice(0);
                break;
            default:
                step = Member();
                SkipBlanks();
                step = Peek switch
                {
                    ',' => Union(step),
                    ':' when step is PathStep.Nth first => Slice(first.Index),
                    _ => step,
                };
                break;
        }

        Expect(']');
        return step;
    }

    private PathStep Member()
    {
        SkipBlanks();
        return Peek switch
        {
            '\'' or '"' => new PathStep.Child(Quoted(Take())),
            '-' or (>= '0' and <= '9') => new PathStep.Nth(Integer()),
            _ => throw Refused("parse error"),
        };
    }

    private PathStep.Union Union(PathStep first)
    {
        List<PathStep> members = [first];
        for (SkipBlanks(); Peek == ','; SkipBlanks())
        {
            At++;
            members.Add(Member());
        }

        return new(members);
    }

    private PathStep.Slice Slice(int start)
    {
        int?[] parts = [start, null, null];
        for (int part = 1; part < parts.Length && Peek == ':'; part++)
        {
            At++;
            SkipBlanks();
            parts[part] = Peek is '-' or (>= '0' and <= '9') ? Integer() : null;
        }

        return new(start, parts[1], parts[2] ?? 1);
    }

    private int Integer()
    {
        string sign = Peek == '-' ? Take().ToString() : "";
        string digits = TakeWhile(char.IsAsciiDigit);
        return int.TryParse(sign + digits, CultureInfo.InvariantCulture, out int value) ? value : throw Refused("expected a number");
    }

    /// <summary>The letters of a name without quotes: no dash, no colon, no slash.</summary>
    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter > '\x7F' || "#%;?^_{|}~".Contains(letter, StringComparison.Ordinal);
}
