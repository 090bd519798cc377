namespace ExtProc.Configuration.Reading;

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearName
{
    private const int LongestCompared = 64;

    /// <summary>The end of a message about an unknown name: a guess if there is a near one, else all that is allowed.</summary>
    public static string Advice(string found, IReadOnlyCollection<string> allowed) => Nearest(found, allowed) switch
    {
        { } near when allowed.Count > 12 => $"did you mean {near}?",
        { } near => $"did you mean {near}? allowed: {string.Join(", ", allowed)}",
        _ when allowed.Count == 0 => "nothing is allowed here",
        _ => $"use one of {string.Join(", ", allowed)}",
    };

    /// <summary>The allowed name at the smallest distance, if a third of its letters or fewer differ.</summary>
    public static string? Nearest(string found, IEnumerable<string> allowed)
    {
        if (found.Length > LongestCompared)
        {
            return null;
        }

        string folded = ConfigKey.Fold(found);
        var best = allowed.Select(name => (Name: name, Distance: Distance(folded, ConfigKey.Fold(name)))).OrderBy(candidate => candidate.Distance).FirstOrDefault();
        return best.Name is { } near && best.Distance <= Math.Max(1, near.Length / 3) ? near : null;
    }

    /// <summary>Edits to get from one to the other: a letter more, less, changed, or two neighbours swapped.</summary>
    internal static int Distance(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                table[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                        table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[from.Length, to.Length];
    }
}
