using PolicyValidator.Inputs;

namespace PolicyValidator.Decoding;

/// <summary>Words for messages: what was found, and what was perhaps meant.</summary>
internal static class Described
{
    private const int MaxQuoted = 60;

    /// <summary>A value as messages quote it.</summary>
    public static string Value(Node node) => JsonView.Of(node) switch
    {
        (JsonKind.Null, _) => "null",
        (JsonKind.True, _) => "the boolean true",
        (JsonKind.False, _) => "the boolean false",
        (JsonKind.Array, _) => "a list",
        (JsonKind.Object, _) => "a mapping",
        (JsonKind.Number, var text) => $"the number {Short(text)}",
        var (_, text) => $"'{Short(text)}'",
    };

    /// <summary>Names as a list in a sentence.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names);

    /// <summary>The cut text of a long value.</summary>
    public static string Short(string text)
    {
        string line = text.ReplaceLineEndings("\\n");
        return line.Length <= MaxQuoted ? line : line[..(char.IsHighSurrogate(line[MaxQuoted - 1]) ? MaxQuoted - 1 : MaxQuoted)] + "…";
    }

    /// <summary>Advice for a name that does not exist: the one it resembles, or all when they are few.</summary>
    public static string Nearest(string name, IEnumerable<string> candidates)
    {
        string[] all = [.. candidates];
        return (Near(name, all), all.Length) switch
        {
            ({ } near, _) => $"did you mean '{near}'?",
            (_, 0) => "remove it: this message has no fields",
            (_, <= 12) => $"the fields are {List(all)}",
            _ => "remove it, or look the name up in the message's documentation",
        };
    }

    /// <summary>The name that one resembles: at most a third of its letters differ; null when there is none.</summary>
    public static string? Near(string name, IReadOnlyCollection<string> candidates)
    {
        if (name.Length > MaxQuoted)
        {
            return null;
        }

        string plain = Plain(name);
        int most = Math.Max(1, plain.Length / 3);
        (string? nearest, int least) = (null, most + 1);
        foreach (string candidate in candidates)
        {
            string other = Plain(candidate);
            if (Math.Abs(other.Length - plain.Length) < least && Distance(plain, other, least) is var distance && distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>How many letters must be changed, added or left out (Levenshtein); <paramref name="enough"/> where it is so many or more.</summary>
    private static int Distance(string from, string to, int enough)
    {
        Span<int> row = to.Length < 128 ? stackalloc int[to.Length + 1] : new int[to.Length + 1];
        for (int j = 0; j <= to.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= from.Length; i++)
        {
            (int diagonal, int least) = (row[0], i);
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
                least = Math.Min(least, row[j]);
            }

            if (least >= enough)
            {
                return enough;
            }
        }

        return row[to.Length];
    }
}
