namespace PolicyValidator.Expressions.Re2;

/// <summary>
/// A part of a program whose ends are open: <paramref name="Begin"/> is its first instruction (0: it never matches),
/// <paramref name="Head"/> and <paramref name="Tail"/> the list of ends, each twice an instruction's index, plus one for its second way out.
/// </summary>
internal readonly record struct Fragment(int Begin, int Head, int Tail, bool Nullable)
{
    /// <summary>Whether it never matches.</summary>
    public bool IsNoMatch => Begin == 0;
}
