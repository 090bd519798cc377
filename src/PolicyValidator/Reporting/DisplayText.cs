using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PolicyValidator.Reporting;

/// <summary>
/// Text of a user's file as a terminal, or the log of a CI system, may show it: one column a character where possible, nothing that it obeys.
/// </summary>
internal static partial class DisplayText
{
    /// <summary>What begins a command of Azure Pipelines, TeamCity or older GitHub runners, anywhere in a line.</summary>
    public const string LogCommandPattern = @"##(?=[a-zA-Z]*\[)";

    /// <summary>
    /// Tabs become one blank, and control characters a mark, so that a file cannot move the cursor or colour the report; what Azure Pipelines,
    /// TeamCity and older GitHub runners obey wherever it stands in a line, <c>##vso[</c> and the like, is broken by a mark too.
    /// </summary>
    public static string Safe(ReadOnlySpan<char> text)
    {
        StringBuilder safe = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            safe.Append(rune.Value switch
            {
                '\t' => " ",
                _ when IsControl(rune) => "\uFFFD",
                _ => rune.ToString(),
            });
        }

        return LogCommand().Replace(safe.ToString(), "#\uFFFD");
    }

    /// <summary>The same for a name at the beginning of a line: colons there can begin a command of a GitHub workflow.</summary>
    public static string AtStartOfLine(string name) => (name.TrimStart().StartsWith(':') ? "./" : "") + Safe(name);

    /// <summary>Whether a character is obeyed rather than shown. Format characters can turn the direction of the line around them.</summary>
    public static bool IsControl(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;

    /// <summary>How many columns safe text takes on a terminal.</summary>
    public static int Columns(ReadOnlySpan<char> safe)
    {
        int columns = 0;
        foreach (Rune rune in safe.EnumerateRunes())
        {
            columns += Columns(rune);
        }

        return columns;
    }

    private static int Columns(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    /// <summary>The blocks whose characters take two columns: East Asian scripts and pictographs (Unicode annex 11, in the rough).</summary>
    private static bool IsWide(int value) => value is
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFE30 and <= 0xFE4F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF)
        or (>= 0x20000 and <= 0x3FFFD);

    [GeneratedRegex(LogCommandPattern)]
    private static partial Regex LogCommand();
}
