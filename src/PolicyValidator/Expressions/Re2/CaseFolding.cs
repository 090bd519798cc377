using System.Globalization;

namespace PolicyValidator.Expressions.Re2;

/// <summary>
/// Which code points differ only in case, as RE2 takes it for <c>(?i)</c>: the orbits of Unicode's simple folding in UTF-8,
/// ASCII letters alone in Latin-1.
/// </summary>
internal sealed class CaseFolding
{
    private static readonly Lazy<(int[] Runes, int[][] Orbits)> UnicodeTable = new(ReadUnicode);

    private readonly Lazy<(int[] Runes, int[][] Orbits)> table;
    private readonly bool once;

    private CaseFolding(Lazy<(int[] Runes, int[][] Orbits)> table, bool once = false) => (this.table, this.once) = (table, once);

    /// <summary>For patterns in UTF-8.</summary>
    public static CaseFolding Unicode { get; } = new(UnicodeTable);

    /// <summary>For patterns in UTF-8, as RE2 did it before: what is in a set already is not folded again.</summary>
    public static CaseFolding UnicodeOnce { get; } = new(UnicodeTable, once: true);

    /// <summary>For patterns in Latin-1.</summary>
    public static CaseFolding Ascii { get; } = new(new Lazy<(int[] Runes, int[][] Orbits)>(Letters));

    /// <summary>All code points that fold to the same as this one, itself included; empty when it stands alone.</summary>
    public IReadOnlyList<int> Orbit(int rune)
    {
        int at = Array.BinarySearch(table.Value.Runes, rune);
        return at < 0 ? [] : table.Value.Orbits[at];
    }

    /// <summary>Adds a range and all that differs from it only in case.</summary>
    public void AddFolded(RuneSet set, int lo, int hi)
    {
        if (!set.Add(lo, hi) && once)
        {
            return;
        }

        (int[] runes, int[][] orbits) = table.Value;
        int at = Array.BinarySearch(runes, lo);
        for (at = at < 0 ? ~at : at; at < runes.Length && runes[at] <= hi; at++)
        {
            foreach (int other in orbits[at])
            {
                set.Add(other, other);
            }
        }
    }

    private static (int[] Runes, int[][] Orbits) Letters()
    {
        int[] upper = [.. Enumerable.Range('A', 26)];
        int[][] pairs = [.. upper.Select(letter => (int[])[letter, letter + 'a' - 'A'])];
        return ([.. upper, .. Enumerable.Range('a', 26)], [.. pairs, .. pairs]);
    }

    private static (int[] Runes, int[][] Orbits) ReadUnicode()
    {
        Dictionary<int, SortedSet<int>> byFolded = [];
        foreach (string line in UnicodeData.Lines("CaseFolding.txt"))
        {
            string[] fields = line.Split(' ');
            int distance = fields[3][0] == '-' ? -Hex(fields[3][1..]) : Hex(fields[3]);
            for (int rune = Hex(fields[0]), step = Hex(fields[2]); rune <= Hex(fields[1]); rune += step)
            {
                int folded = rune + distance;
                SortedSet<int> orbit = byFolded.TryGetValue(folded, out SortedSet<int>? known) ? known : byFolded[folded] = [folded];
                orbit.Add(rune);
            }
        }

        SortedDictionary<int, int[]> orbits = [];
        foreach (SortedSet<int> orbit in byFolded.Values)
        {
            int[] members = [.. orbit];
            foreach (int member in members)
            {
                orbits[member] = members;
            }
        }

        return ([.. orbits.Keys], [.. orbits.Values]);
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
