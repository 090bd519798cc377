namespace PolicyValidator.Expressions.JsonPath;

/// <summary>Says whether a value meets the condition of a filter: yes, no, or not known.</summary>
internal sealed class FilterCondition(JsonPathQuery query)
{
    /// <summary>Stands for a value that is not known, as null does for a null.</summary>
    private static readonly object Unknown = new();

    /// <summary>Stands for no value at all.</summary>
    private static readonly object Nothing = new();

    /// <summary>Whether the condition holds; null where that is not known. Of several values that a path finds one is enough.</summary>
    public bool? Holds(Equation condition, PathMatch at)
    {
        bool isKnown = true;
        foreach (Operand operand in Evaluate(condition, at))
        {
            switch (Truth(operand))
            {
                case true:
                    return true;
                case null:
                    isKnown = false;
                    break;
            }
        }

        return isKnown ? false : null;
    }

    private IEnumerable<Operand> Evaluate(Equation equation, PathMatch at) => equation switch
    {
        Equation.Constant constant => [new(constant.Value, false)],
        Equation.Pattern pattern => [new(pattern.Text, false)],
        Equation.Nothing => [new(Nothing, false)],
        Equation.Found found => ValuesOf([.. query.From(found.Path, at)]),
        Equation.Operation { Name: "count", Left: Equation.Found counted } => [new((double)query.From(counted.Path, at).Count(), false)],
        Equation.Operation { Right: null } operation => Evaluate(operation.Left, at).Select(left => new Operand(One(operation.Name, left), false)),
        Equation.Operation operation =>
            from left in Evaluate(operation.Left, at)
            from right in Evaluate(operation.Right!, at)
            select new Operand(Two(operation.Name, left, right), false),
        _ => throw new ArgumentException($"{equation.GetType()} is no kind of condition", nameof(equation)),
    };

    private static IEnumerable<Operand> ValuesOf(IReadOnlyList<PathMatch> found) => found.Count == 0
        ? [new(Nothing, false)]
        : found.Select(match => new Operand(match.IsSure ? ValueOf(match.Value) : Unknown, true));

    private static object? ValueOf(PathValue value) => value switch
    {
        PathValue.Scalar scalar => scalar.Value,
        PathValue.Unknown => Unknown,
        _ => value,
    };

    /// <summary>What is found counts as true, whatever it is.</summary>
    private static bool? Truth(Operand operand) => operand switch
    {
        { Value: var value } when ReferenceEquals(value, Unknown) => null,
        { IsFound: true } => true,
        { Value: bool value } => value,
        _ => false,
    };

    private static object? One(string name, Operand operand) => (name, operand.Value) switch
    {
        (_, var unknown) when ReferenceEquals(unknown, Unknown) => Unknown,
        ("!", _) => Truth(operand) == false,
        ("length", string text) => (double)System.Text.Encoding.UTF8.GetByteCount(text),
        ("length", PathValue.List { IsOpen: false } list) => (double)list.Items.Count,
        ("length", PathValue.Mapping { IsOpen: false } mapping) => (double)mapping.Fields.Count,
        ("length", PathValue) => Unknown,
        _ => Nothing,
    };

    private static object? Two(string name, Operand left, Operand right) => name switch
    {
        "&&" => And(Truth(left), Truth(right)) ?? Unknown,
        "||" => Not(And(Not(Truth(left)), Not(Truth(right)))) ?? Unknown,
        _ when ReferenceEquals(left.Value, Unknown) || ReferenceEquals(right.Value, Unknown) => Unknown,
        "==" => Equals(left.Value, right.Value),
        "!=" => !Equals(left.Value, right.Value),
        "<" or ">" or "<=" or ">=" => Compare(name, left.Value, right.Value),
        "=~" or "~=" or "search" => left.Value is string text && right.Value is string pattern && GoPattern.Finds(pattern, text),
        "match" => left.Value is string text && right.Value is string { Length: > 0 } pattern && GoPattern.Finds(Whole(pattern), text),
        "in" => right.Value is IEnumerable<object?> list && list.Contains(left.Value),
        "has" or "exists" => right.Value is bool wanted && wanted != ReferenceEquals(left.Value, Nothing),
        "empty" => right.Value is bool wanted && left.Value switch
        {
            string text => wanted == (text.Length == 0),
            PathValue.List { IsOpen: false } list => wanted == (list.Items.Count == 0),
            PathValue.Mapping { IsOpen: false } mapping => wanted == (mapping.Fields.Count == 0),
            _ => false,
        },
        _ => Calculate(name, left.Value, right.Value),
    };

    /// <summary>The pattern has to match all of the text.</summary>
    private static string Whole(string pattern) => (pattern[0] == '^' ? "" : "^") + pattern + (pattern[^1] == '$' ? "" : "$");

    private static bool? And(bool? left, bool? right) => left == false || right == false ? false : left & right;

    private static bool? Not(bool? value) => !value;

    private static bool Compare(string name, object? left, object? right)
    {
        int? order = (left, right) switch
        {
            (double one, double other) => one.CompareTo(other),
            (string one, string other) => string.CompareOrdinal(one, other),
            _ => null,
        };
        return order is { } known && name switch { "<" => known < 0, ">" => known > 0, "<=" => known <= 0, _ => known >= 0 };
    }

    private static object Calculate(string name, object? left, object? right) => (name, left, right) switch
    {
        ("+", string one, string other) => one + other,
        ("+", double one, double other) => one + other,
        ("-", double one, double other) => one - other,
        ("*", double one, double other) => one * other,
        ("/", double one, double other) when other != 0 => one / other,
        _ => Nothing,
    };

    /// <summary>A value, and whether a path found it.</summary>
    private readonly record struct Operand(object? Value, bool IsFound);
}
