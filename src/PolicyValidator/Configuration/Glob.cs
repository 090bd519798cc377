namespace PolicyValidator.Configuration;

/// <summary>
/// A pattern of paths, as in <c>.gitignore</c>: <c>*</c>, <c>?</c> and <c>[a-z]</c> stay inside a name, <c>**</c> crosses folders,
/// <c>{a,b}</c> is either. Without a slash it means a name at any depth; what matches a folder matches all below it.
/// </summary>
internal sealed class Glob
{
    /// <summary>Braces multiply: one pattern may stand for as many as this, and so may all of a list together.</summary>
    public const int MostAlternatives = 1000;

    private const int MostLetters = 512;

    private readonly string[][] alternatives;

    /// <summary>Takes a pattern.</summary>
    /// <exception cref="FormatException">It is too long, or stands for too many.</exception>
    public Glob(string pattern)
    {
        if (pattern.Length > MostLetters)
        {
            throw new FormatException($"a glob is longer than {MostLetters} letters; write several");
        }

        alternatives = [.. Expand(pattern).Take(MostAlternatives + 1).Select(Segments).Where(segments => segments.Length > 0)];
        Demand(Alternatives);
    }

    /// <summary>How many patterns without braces it stands for.</summary>
    public int Alternatives => alternatives.Length;

    /// <summary>Refuses too many patterns: each file is held against all of them.</summary>
    /// <exception cref="FormatException">There are too many.</exception>
    public static void Demand(int patterns)
    {
        if (patterns > MostAlternatives)
        {
            throw new FormatException($"globs stand for more than {MostAlternatives} patterns, braces resolved; use fewer, with more stars");
        }
    }

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

    private static bool Matches(ReadOnlySpan<string> segments, ReadOnlySpan<string> names)
    {
        int segment = 0, name = 0, star = -1, from = 0;
        while (name < names.Length)
        {
            if (segment < segments.Length && segments[segment] == "**")
            {
                (star, from) = (segment++, name);
            }
            else if (segment < segments.Length && NameMatches(segments[segment], names[name]))
            {
                (segment, name) = (segment + 1, name + 1);
            }
            else if (star >= 0)
            {
                (segment, name) = (star + 1, ++from); // only the last star may take more: no pattern takes longer than its length times the path's
            }
            else
            {
                return false;
            }
        }

        return !segments[segment..].ContainsAnyExcept("**");
    }

    private static bool NameMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int part = 0, letter = 0, star = -1, from = 0;
        while (letter < name.Length)
        {
            if (part < pattern.Length && pattern[part] == '*')
            {
                (star, from) = (part++, letter);
            }
            else if (Width(pattern[part..], name[letter]) is var width and > 0)
            {
                (part, letter) = (part + width, letter + 1);
            }
            else if (star >= 0)
            {
                (part, letter) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return !pattern[part..].ContainsAnyExcept('*');
    }

    /// <summary>How much of a pattern takes a letter; 0 when it does not.</summary>
    private static int Width(ReadOnlySpan<char> pattern, char letter) => pattern switch
    {
        [] => 0,
        ['?', ..] => 1,
        ['[', .. var rest] when rest.IndexOf(']') is var end and > 0 => IsOneOf(rest[..end], letter) ? end + 2 : 0,
        ['\\', var escaped, ..] => escaped == letter ? 2 : 0,
        [var own, ..] => own == letter ? 1 : 0,
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
