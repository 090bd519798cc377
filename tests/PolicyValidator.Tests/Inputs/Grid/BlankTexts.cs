using static PolicyValidator.Tests.Inputs.Grid.Blank;
using static PolicyValidator.Tests.Inputs.Grid.GridText;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>White space around and between keys and values of every kind.</summary>
internal static class BlankTexts
{
    private static readonly string[] Contents =
    [
        "v", "'v'", "k: v", "'k': v", "[v]", "- v", "- k: v", $"|\n{Indent}    v", $"# c\n{Indent}    k: v", "&a v", "&a k: v", "? k", "", $"k: v\n{Indent}    l: w", $"k: v\n{Indent}  l: w", "*a",
    ];

    public static IEnumerable<string> All => [.. Between, .. AtTheEnd, .. AfterValues, .. AroundColons, .. Indentations, .. AfterIndicators, .. Continuations];

    private static IEnumerable<string> Between =>
        from value in Blank.Values
        from line in Blank.Lines
        select $"{Indent}a: {value}\n{line}\n{Indent}b: 1\n";

    private static IEnumerable<string> AtTheEnd =>
        from value in Blank.Values
        from end in Blank.Lines.Select(line => "\n" + line).Concat(Blank.Inline).Concat(["\n", "\n...", "\n---", "\n\t\n", "\n \n", "\n\n", "\r\n"])
        select $"{Indent}a: {value}{end}";

    private static IEnumerable<string> AfterValues =>
        from value in Blank.Values
        from blank in Blank.Inline
        from behind in Each("", "# c")
        select $"{Indent}a: {value}{blank}{behind}\n{Indent}b: 1\n";

    private static IEnumerable<string> AroundColons =>
        (from value in Blank.Values
         from blank in Blank.Inline
         select $"{Indent}a:{blank}{value}\n{Indent}b: 1\n")
        .Concat(
            from key in Each("a", "'a'", "[a]", "&k a", "? a", "? a\n" + Indent)
            from blank in Blank.Inline.Concat(Blank.Breaks)
            from value in Each("v", "'v'", "")
            select $"{Indent}{key}{blank}: {value}\n{Indent}b: 1\n");

    private static IEnumerable<string> Indentations =>
        from value in Blank.Values
        from indent in Blank.Indents
        select $"{Indent}a: {value}\n{indent}b: 1\n";

    private static IEnumerable<string> AfterIndicators =>
        from indicator in Each("-", "?", ":", "- -", "-\t-", "- ?", "? -", "- &x")
        from blank in Blank.Inline
        from content in Contents
        let piece = $"{Indent}  {indicator}{blank}{content}\n"
        select indicator[0] == '-' ? $"{Indent}x: &a 1\n{Indent}a:\n{piece}" : $"{Indent}x: &a 1\n{Indent}a:\n{piece}{Indent}b: 1\n";

    private static IEnumerable<string> Continuations =>
        from form in Each("a: v{0}w", "a: \"v{0}w\"", "a: 'v{0}w'", "a: v{0}w: x", "a: v{0}- w", "a: v{0}# c", "a: 'v'{0}w", "a: [v]{0}w", "a: \"v\\{0}w\"", "a: &x{0}v", "a: !!str{0}v", "a: &x{0}k: v", "a:{0}v", "a:{0}'v'", "a:{0}k: v", "a:{0}- v")
        from gap in Blank.Breaks.Concat(Blank.Indents.Select(indent => "\n" + indent)).Concat(Blank.Lines.Select(line => $"\n{line}\n{Indent}  "))
        select $"{Indent}{string.Format(System.Globalization.CultureInfo.InvariantCulture, form, gap)}\n{Indent}b: 1\n";
}
