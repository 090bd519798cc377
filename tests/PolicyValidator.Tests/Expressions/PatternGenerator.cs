namespace PolicyValidator.Tests.Expressions;

/// <summary>Random patterns, valid and broken, of what RE2 knows.</summary>
internal sealed class PatternGenerator(Random random)
{
    private static readonly string[] Pieces =
    [
        "a", "b", "ab", "abc", "x", "k", "s", "A", "1", "-", ".", @"\d", @"\w", @"\s", @"\W", @"\D", "[a-z]", "[^a]", "[a-c0-9]", "[Aa]", "[k]",
        "[^a-z]", @"\.", @"\x41", "é", "ß", "Ω", "日", "😀", "[é-ü]", "[α-ω]", "[^é]", @"\pL", @"\p{Lu}", @"\p{Greek}", @"\PN", "[[:alpha:]]",
        "[[:^digit:]]", @"\C", "^", "$", @"\b", @"\B", @"\A", @"\z", @"[\x{80}-\x{7ff}]", "(?s:.)", "", @"\Qa.b\E", @"[^\x00-\x7f]", @"\0", @"[\s\S]", @"[^\s\S]",
    ];

    private const string Marks = @"()[]{}*+?|\^$.-:=!<>PpQE,10i";

    private static readonly string[] Words = ["x-", "x-a", "foo", "foobar", "fob", "content", "content-type", "cont", "a", "ab", ":path", ":p", "ké", "kè"];
    private static readonly string[] Groups = ["(", "(?:", "(?i:", "(?P<n>", "(?<m>", "(?s:", "(?m:", "(?U:", "(?-s:"];
    private static readonly string[] Loops = ["*", "+", "?", "*?", "+?", "??", "{2}", "{0}", "{1}", "{0,1}", "{2,}", "{1,3}", "{0,3}", "{3,5}?", "{0,}", "{1,}"];

    public string Next() => random.Next(10) switch
    {
        < 6 => Pattern(0),
        < 8 => Alternatives(),
        _ => Broken(Pattern(0) + Pattern(0)),
    };

    private string Pattern(int depth) => (depth > 4 ? 0 : random.Next(10)) switch
    {
        < 4 => Pick(Pieces),
        < 6 => Several(depth, ""),
        < 8 => Pick(Groups) + Several(depth, "|") + ")",
        < 9 => $"(?:{Pattern(depth + 1)}){Pick(Loops)}",
        _ => Pick(["^", "(?i)", @"\A", ""]) + Pattern(depth + 1) + Pick(["$", @"\z", ""]),
    };

    private string Several(int depth, string between) =>
        string.Join(between, Enumerable.Range(0, random.Next(1, 5)).Select(_ => Pattern(depth + 1)));

    private string Alternatives()
    {
        string branches = string.Join('|', Enumerable.Range(0, random.Next(2, 8)).Select(_ => Pick(Words) + Pick(["", ".*", "[0-9]+", "s?"])));
        return Pick(["^(", "(?i)(", "(?:"]) + branches + Pick([")$", ")", ")*"]);
    }

    private string Broken(string pattern)
    {
        int at = random.Next(pattern.Length + 1);
        char extra = Marks[random.Next(Marks.Length)];
        return random.Next(3) == 0 && at < pattern.Length ? pattern.Remove(at, 1) : pattern.Insert(at, extra.ToString());
    }

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
