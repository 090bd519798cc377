using System.Text.RegularExpressions;
using PolicyValidator.Expressions.Re2;

namespace PolicyValidator.Expressions.JsonPath;

/// <summary>Matches the patterns of Go, whose language is RE2's. They are few and short, and their time is bounded.</summary>
internal static partial class GoPattern
{
    private static readonly Re2Dialect Dialect = new(Latin1: false, CaseFolding.Unicode, KnowsLookBehind: false);

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether the pattern is found in the text. What Go refuses is found in none, as in Envoy Gateway's library.</summary>
    /// <exception cref="PathNotFollowedException">The pattern has what .NET writes otherwise, or takes too long.</exception>
    public static bool Finds(string pattern, string text)
    {
        if (Re2Pattern.Check(pattern, Dialect).Error is not null)
        {
            return false;
        }

        if (WrittenOtherwise().IsMatch(pattern))
        {
            throw new PathNotFollowedException($"its pattern '{pattern}' is not understood here");
        }

        try
        {
            return new Regex(pattern.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Longest).IsMatch(text);
        }
        catch (Exception trouble) when (trouble is RegexMatchTimeoutException or ArgumentException or NotSupportedException)
        {
            throw new PathNotFollowedException($"its pattern '{pattern}' could not be tried");
        }
    }

    /// <summary>Classes with names, quoted stretches, bytes, characters in braces, and the flag for lazy repetition.</summary>
    [GeneratedRegex(@"\[\[:|\\[QECpP]|\\x\{|\(\?[a-z]*U")]
    private static partial Regex WrittenOtherwise();
}
