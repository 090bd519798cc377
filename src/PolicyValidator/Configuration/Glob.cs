namespace PolicyValidator.Configuration;

/// <summary>
/// A pattern of paths, as in <c>.gitignore</c>: <c>*</c>, <c>?</c> and <c>[a-z]</c> stay inside a name, <c>**</c> crosses folders,
/// <c>{a,b}</c> is either. Without a slash it means a name at any depth; what matches a folder matches all below it.
/// </summary>
internal sealed class Glob
{
    private readonly string[][] alternatives;

    /// <summary>Takes a pattern.</summary>
    public Glob(string pattern) => alternatives = [.. Expand(pattern).Select(Segments).Where(segments => segments.Length > 0)];

    /// <summary>Whether a path matches, or a folder above it.</summary>
    /// <param name="path">Relative, with slashes.</param>
    public bool Matches(string path)
    {
        string[] names = path.Split('/');
        return alternatives.Any(segments => Enumerable.Range(1, names.Length).Any(count => Matches(segments, names.AsSpan(0, count))));
    }

    private static string[] Segments(string pattern)
    {
        string trimmed = pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[2..] : pattern;
        bool anywhere = !trimmed.TrimEnd('/').Contains('/', StringComparison.Ordinal);
        string[] segments = trimmed.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return anywhere && segments.Length > 0 ? ["**", .. segments] : segments;
    }

    private static bool Matches(ReadOnlySpan<string> segments, ReadOnlySpan<string> names) => segments switch
    {
        [] => names.IsEmpty,
        ["**", .. var rest] => Matches(rest, names) || (!names.IsEmpty && Matches(segments, names[1..])),
        [var first, .. var rest] => !names.IsEmpty && NameMatches(first, names[0]) && Matches(rest, names[1..]),
    };

    private static bool NameMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) => pattern switch
    {
        [] => name.IsEmpty,
        ['*', .. var rest] => NameMatches(rest, name) || (!name.IsEmpty && NameMatches(pattern, name[1..])),
        ['?', .. var rest] => !name.IsEmpty && NameMatches(rest, name[1..]),
        ['[', .. var rest] when rest.IndexOf(']') is var end and > 0 => !name.IsEmpty && IsOneOf(rest[..end], name[0]) && NameMatches(rest[(end + 1)..], name[1..]),
        ['\\', var escaped, .. var rest] => name is [var first, ..] && first == escaped && NameMatches(rest, name[1..]),
        [var own, .. var rest] => name is [var first, ..] && first == own && NameMatches(rest, name[1..]),
    };

    /// <summary>A set such as <c>a-z_</c>, or all but it behind an exclamation mark.</summary>
    private static bool IsOneOf(ReadOnlySpan<char> set, char value)
    {
        bool negated = set[0] is '!' or '^', found = false;
        for (int at = negated ? 1 : 0; at < set.Length; at++)
        {
            bool isRange = at + 2 < set.Length && set[at + 1] == '-';
            found |= isRange ? value >= set[at] && value <= set[at + 2] : value == set[at];
            at += isRange ? 2 : 0;
        }

        return found != negated;
    }

    /// <summary>The patterns without braces that one with braces stands for.</summary>
    private static IEnumerable<string> Expand(string pattern)
    {
        int open = pattern.LastIndexOf('{'), close = open < 0 ? -1 : pattern.IndexOf('}', open);
        return close < 0
            ? [pattern]
            : pattern[(open + 1)..close].Split(',').SelectMany(choice => Expand(pattern[..open] + choice + pattern[(close + 1)..]));
    }
}
