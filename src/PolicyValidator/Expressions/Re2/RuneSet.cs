namespace PolicyValidator.Expressions.Re2;

/// <summary>The code points from <paramref name="Lo"/> to <paramref name="Hi"/>, both included.</summary>
internal readonly record struct RuneRange(int Lo, int Hi);

/// <summary>A set of code points, kept as sorted ranges that neither overlap nor touch.</summary>
internal sealed class RuneSet
{
    /// <summary>The last code point.</summary>
    public const int MaxRune = 0x10FFFF;

    private readonly List<RuneRange> ranges = [];

    /// <summary>The ranges, in order.</summary>
    public IReadOnlyList<RuneRange> Ranges => ranges;

    /// <summary>Whether it holds every code point.</summary>
    public bool IsFull => ranges is [{ Lo: 0, Hi: MaxRune }];

    /// <summary>Whether it holds none.</summary>
    public bool IsEmpty => ranges.Count == 0;

    /// <summary>How many code points it holds.</summary>
    public int Count => ranges.Sum(range => range.Hi - range.Lo + 1);

    /// <summary>Whether it treats A to Z as it treats a to z.</summary>
    public bool FoldsAscii => Enumerable.Range('A', 26).All(upper => Contains(upper) == Contains(upper + 'a' - 'A'));

    /// <summary>Whether the code point is in the set.</summary>
    public bool Contains(int rune)
    {
        int at = FirstEndingAtOrAfter(rune);
        return at < ranges.Count && ranges[at].Lo <= rune;
    }

    /// <summary>Adds a range; false when all of it was there.</summary>
    public bool Add(int lo, int hi)
    {
        if (hi < lo)
        {
            return false;
        }

        int at = FirstEndingAtOrAfter(lo);
        if (at < ranges.Count && ranges[at].Lo <= lo && hi <= ranges[at].Hi)
        {
            return false;
        }

        // Neighbours that overlap or touch become one range.
        int from = FirstEndingAtOrAfter(lo - 1);
        int to = from;
        for (; to < ranges.Count && ranges[to].Lo <= hi + 1; to++)
        {
            lo = Math.Min(lo, ranges[to].Lo);
            hi = Math.Max(hi, ranges[to].Hi);
        }

        ranges.RemoveRange(from, to - from);
        ranges.Insert(from, new(lo, hi));
        return true;
    }

    /// <summary>Adds another set.</summary>
    public void Add(IEnumerable<RuneRange> others)
    {
        foreach (RuneRange other in others)
        {
            Add(other.Lo, other.Hi);
        }
    }

    /// <summary>Becomes the set of all that was not in it.</summary>
    public void Negate()
    {
        List<RuneRange> negated = [];
        int next = 0;
        foreach (RuneRange range in ranges)
        {
            if (next < range.Lo)
            {
                negated.Add(new(next, range.Lo - 1));
            }

            next = range.Hi + 1;
        }

        if (next <= MaxRune)
        {
            negated.Add(new(next, MaxRune));
        }

        ranges.Clear();
        ranges.AddRange(negated);
    }

    /// <summary>Drops what is larger than <paramref name="max"/>.</summary>
    public void RemoveAbove(int max)
    {
        ranges.RemoveAll(range => range.Lo > max);
        if (ranges is [.., { } last] && last.Hi > max)
        {
            ranges[^1] = last with { Hi = max };
        }
    }

    private int FirstEndingAtOrAfter(int rune)
    {
        (int low, int high) = (0, ranges.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ranges[middle].Hi < rune ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
