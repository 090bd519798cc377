using static PolicyValidator.Tests.Inputs.Grid.Blank;
using static PolicyValidator.Tests.Inputs.Grid.GridText;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>Block scalars: their headers, their indentation and the lines in them.</summary>
internal static class BlockScalarTexts
{
    private static readonly string[] Headers =
    [
        "|", ">", "|-", ">-", "|+", ">+", "|2", "|1", "|4", ">2-", "|-2", "|+1", "|0", "|9", "|10", "|--", "|-+", "|22", "|x", "| x", "|#c", "| #c", "|\t", "|\t#c", "|- # c", "|2 # c", "|:", "|,", ">\u00a0", "|\r", "&x |", "!!str |", "!!binary |", "!x >", "&x !!str |", "|&x", "? |", "'v' |",
    ];

    private static readonly string[] Firsts =
    [
        "", " ", Indent, Indent + "  ", Indent + "    ", "\t", Indent + "\t", Indent + "  \t", "\t" + Indent, "\u00a0", "\u0085", "# c", Indent + "# c", Indent + "  # c", "---", "...", "--- w", "%x", Indent + "w", Indent + " w", "       w", "w", Indent + "      w", Indent + "  - w", Indent + "  k: w", Indent + "  \u0085w", Indent + "  \ufeffw",
    ];

    public static IEnumerable<string> All => [.. AfterHeaders, .. LinesInside, .. InLists];

    private static IEnumerable<string> AfterHeaders =>
        from header in Headers
        from body in Each($"{Indent}  v", $"{Indent}    v\n{Indent}  w", $"{Indent} v", $"{Indent}v", "v", "", $"\n{Indent}  v\n", $"{Indent}  v\n\n\n")
        select $"{Indent}a: {header}\n{body}\n{Indent}b: 1\n";

    private static IEnumerable<string> LinesInside =>
        from header in Each("|", ">", "|+", "|2")
        from line in Firsts
        from form in Each($"{{0}}\n{Indent}  v", $"{Indent}  v\n{{0}}", $"{Indent}  v\n{{0}}\n{Indent}  w", "{0}")
        select $"{Indent}a: {header}\n{string.Format(System.Globalization.CultureInfo.InvariantCulture, form, line)}\n{Indent}b: 1\n";

    private static IEnumerable<string> InLists =>
        from header in Each("|", ">1")
        from line in Firsts
        from form in Each($"{Indent}- {header}\n{line}\n{Indent}- w\n", $"{Indent}- a: {header}\n{line}\n{Indent}  b: 1\n", $"{Indent}- {header}\n{Indent}  v\n{line}\n{Indent}- w\n")
        select $"{Indent}a:\n{form}";
}
