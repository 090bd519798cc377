using System.Text.RegularExpressions;

namespace Envoy.Runner.Search;

/// <summary>The end of what a program said, as part of one line.</summary>
internal static partial class LastWords
{
    private const int LimitCharacters = 160;

    /// <summary>The last line that is not blank, without control sequences of terminals, cut to fit a line; "nothing" when there is none.</summary>
    public static string Of(string said)
    {
        string line = ControlSequence().Replace(said, "").Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "nothing";
        return line.Length <= LimitCharacters ? line : line[..LimitCharacters] + " ...";
    }

    [GeneratedRegex(@"\x1B\[[0-9;?]*[A-Za-z]")]
    private static partial Regex ControlSequence();
}
