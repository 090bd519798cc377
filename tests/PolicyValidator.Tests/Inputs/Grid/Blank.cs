using static PolicyValidator.Tests.Inputs.Grid.GridText;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>White space, and what looks like it.</summary>
internal static class Blank
{
    /// <summary>Texts of one axis of the grid.</summary>
    public static IReadOnlyList<string> Each(params string[] texts) => texts;

    /// <summary>Between two things on one line.</summary>
    public static string[] Inline { get; } = ["", " ", "\t", " \t", "\t ", "  ", "\u00a0", "\u0085", "\ufeff", "\u2028", "\f", "\r"];

    /// <summary>Where a thing may go on in the next line.</summary>
    public static string[] Breaks { get; } = ["\n", "\r\n", " \n", "\t\n", $"\n{Indent}  ", $"\n{Indent}\t", "\n\t", $"\n\t{Indent}  ", $"\n\n{Indent}  ", $"\n\t\n{Indent}  ", $"\n# c\n{Indent}  ", $" # c\n{Indent}  ", $"\t# c\n{Indent}  "];

    /// <summary>All that a line holds, comments included.</summary>
    public static string[] Lines { get; } =
    [
        "", " ", Indent, "\t", " \t", "\t ", Indent + "\t", "\t" + Indent, Indent + "  \t", Indent + "  ", "\u00a0", Indent + "\u00a0", "\u0085", "\ufeff", "\u2028", "\f", "\r",
        "# c", " # c", Indent + "# c", "\t# c", Indent + "\t# c", " \t# c", Indent + "  # c", "\t\n\t", "\n\t\n", Indent + "\t\n\n" + Indent,
    ];

    /// <summary>Before a key, where blanks are its indentation.</summary>
    public static string[] Indents { get; } =
    [
        Indent, "", "\t", "       ", "       \t", Indent + "\t", "\t" + Indent, Indent + " ", Indent + "  ", Indent + " \t", "    \t    ", "      ", "      \t", Indent + "\u00a0", Indent + "\u0085", Indent + "\ufeff", Indent + "\f",
    ];

    /// <summary>Values of every kind, behind <c>key: </c>.</summary>
    public static string[] Values { get; } =
    [
        "v", "v w", "'v'", "\"v\"", "[v, w]", "{x: v}", $"|\n{Indent}  v", $">\n{Indent}  v", $"|-\n{Indent}  v\n", $"|+\n{Indent}  v", "", "~", $"v\n{Indent}  w", $"\"v\n{Indent}  w\"", $"'v\n\n{Indent}  w'",
        "&a v", "!!str v", "&a", "!!str", "!x 'v'", $"\n{Indent}  x: v", $"\n{Indent}  'x': [v]", $"\n{Indent}- v", $"\n{Indent}  - v", $"\n{Indent}- x: v", $"\n{Indent}- 'v'", $"[v,\n{Indent}  w]", $"{{x: v,\n{Indent}  y: w}}",
    ];
}
