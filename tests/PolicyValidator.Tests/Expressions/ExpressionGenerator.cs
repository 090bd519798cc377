namespace PolicyValidator.Tests.Expressions;

/// <summary>Random CEL expressions, valid and broken.</summary>
internal sealed class ExpressionGenerator(Random random)
{
    private static readonly string[] Atoms =
    [
        "a", "b", "request.path", "x", "1", "-1", "1u", "1.5", "'s'", "\"t\"", "true", "null", "[]", "{}", "re", @"r'\d'", "b'x'", "'''q'''",
        "source.address", "[1, 2]", "{'a': 1}", "0x1F", ".a", "size", "request.headers['x']", "google.protobuf.Duration{seconds: 1}",
    ];

    private static readonly string[] Operators = ["+", " - ", "*", "/", "%", " == ", "!=", "<", "<=", ">", ">=", " in ", "&&", " || "];
    private static readonly string[] Functions = ["size", "matches", "startsWith", "contains", "int", "dyn", "type", "has", "duration", "getHours", "re.extract", "string", "foo", "map", "all"];
    private static readonly string[] Shards = ["'", "\"", "'''", "r", "b", "a", "\\", @"\n", @"\x41", @"\u00e9", @"\101", @"\q", "1", "0x", "e", "u", ".", "é", "\n", " ", "`", "(", ")", "[", "]", "{", "}", "?", ":", "-", "!", "="];

    public string Next()
    {
        string expression = random.Next(12) == 0 ? Repeat(9, () => Pick(Shards), "") : Expression(0);
        return random.Next(5) < 2 ? expression.Insert(random.Next(expression.Length + 1), Pick(Shards)) : expression;
    }

    private string Expression(int depth)
    {
        string Inner() => Expression(depth + 1);
        return (depth > 4 ? 0 : random.Next(14)) switch
        {
            < 4 => Pick(Atoms),
            4 => Inner() + Pick(Operators) + Inner(),
            5 => $"{Inner()} ? {Inner()} : {Inner()}",
            6 => Pick(["!", "-", "--", "!!", "- "]) + Inner(),
            7 => $"({Inner()})",
            8 => $"{Inner()}.{Pick(["a", "for", "_y", "in"])}",
            9 => $"{Inner()}[{Inner()}]",
            10 => $"{Pick(Functions)}({Repeat(3, Inner, ", ")})",
            11 => $"{Inner()}.{Pick(Functions)}({Repeat(2, Inner, ", ")})",
            12 => $"has({Inner()}.f)",
            _ => $"[{Repeat(3, Inner, ", ")}]",
        };
    }

    private string Repeat(int most, Func<string> part, string between) =>
        string.Join(between, Enumerable.Range(0, random.Next(most + 1)).Select(_ => part()));

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
