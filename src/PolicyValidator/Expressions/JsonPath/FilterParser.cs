using System.Globalization;

namespace PolicyValidator.Expressions.JsonPath;

/// <summary>Reads the conditions of filters.</summary>
internal sealed class FilterParser(JsonPathParser parser)
{
    /// <summary>Deeper ones are an attempt to keep us busy.</summary>
    private const int MostDepth = 64;

    /// <summary>The strength of the weakest operators.</summary>
    private const int Weakest = 4;

    private static readonly string[] Functions = ["length", "count", "match", "search"];

    // The longer ones first: "<=" is no "<".
    private static readonly (string Name, int Strength)[] Operators =
    [
        ("==", 3), ("!=", 3), ("<=", 3), (">=", 3), ("=~", 3), ("~=", 3), ("<", 3), (">", 3), ("exists", 3), ("empty", 3), ("has", 3), ("in", 3),
        ("||", 4), ("&&", 4), ("+", 2), ("-", 2), ("*", 1), ("/", 1),
    ];

    private int depth;

    /// <summary>Reads a condition up to what closes it.</summary>
    public Equation Condition() => Operations(Weakest);

    /// <summary>Operators of one strength are taken from the left; smaller numbers bind more closely.</summary>
    private Equation Operations(int strength)
    {
        if (strength == 0)
        {
            return Operand();
        }

        Equation left = Operations(strength - 1);
        while (NextOperator(strength) is { } name)
        {
            parser.At += name.Length;
            left = new Equation.Operation(name, left, Operations(strength - 1));
        }

        return left;
    }

    private string? NextOperator(int strength)
    {
        parser.SkipBlanks();
        (string name, int found) = Operators.FirstOrDefault(each => parser.IsNext(each.Name), (Name: "", Strength: 0));
        return found == strength ? name
            : found > 0 || parser.Peek is ',' or ')' or ']' or '\0' ? null
            : throw parser.Refused($"'{parser.Peek}' is not a valid operation");
    }

    private Equation Operand()
    {
        if (++depth > MostDepth)
        {
            throw new PathNotFollowedException($"its filter is nested deeper than {MostDepth} levels");
        }

        parser.SkipBlanks();
        Equation read = Read();
        depth--;
        return read;
    }

    private Equation Read()
    {
        switch (parser.Peek)
        {
            case '!':
                parser.At++;
                return new Equation.Operation("!", Condition(), null);
            case '\'' or '"':
                return new Equation.Constant(parser.Quoted(parser.Take()));
            case '@' or '$':
                return new Equation.Found(parser.Steps());
            case '(':
                parser.At++;
                Equation inner = Condition();
                parser.Expect(')');
                return inner;
            case '[':
                return List();
            case '/':
                parser.At++;
                return new Equation.Pattern(Regex());
            case '-' or (>= '0' and <= '9'):
                return Number();
            default:
                return Word();
        }
    }

    private Equation.Constant Number()
    {
        string sign = parser.Peek == '-' ? parser.Take().ToString() : "";
        string digits = parser.TakeWhile(letter => char.IsAsciiDigit(letter) || letter is '.' or 'e' or 'E');
        return double.TryParse(sign + digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? new(value) : throw parser.Refused("expected a number");
    }

    private Equation.Constant List()
    {
        List<object?> items = [];
        do
        {
            parser.At++;
            items.Add((Condition() as Equation.Constant)?.Value);
            parser.SkipBlanks();
        }
        while (parser.Peek == ',');
        parser.Expect(']');
        return new(items);
    }

    private string Regex()
    {
        System.Text.StringBuilder pattern = new();
        for (char next = parser.Take(); next != '/'; next = parser.Take())
        {
            pattern.Append(next);
            if (next == '\\')
            {
                pattern.Append(parser.Take());
            }
        }

        return pattern.ToString();
    }

    private Equation Word()
    {
        int start = parser.At;
        string word = parser.TakeWhile(char.IsAsciiLetter);
        switch (word)
        {
            case "true" or "false":
                return new Equation.Constant(word == "true");
            case "null":
                return new Equation.Constant(null);
            case "Nothing":
                return new Equation.Nothing();
            case var function when Functions.Contains(function):
                return Call(function);
            default:
                parser.At = start;
                throw parser.Refused($"'{word}' is not a value or function");
        }
    }

    private Equation.Operation Call(string function)
    {
        parser.Expect('(');
        Equation left = Condition();
        parser.SkipBlanks();
        Equation? right = null;
        if (parser.Peek == ',')
        {
            parser.At++;
            right = Condition();
        }

        parser.Expect(')');
        return new(function, left, right);
    }
}
