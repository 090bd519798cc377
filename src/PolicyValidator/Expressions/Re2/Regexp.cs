using System.Runtime.CompilerServices;

namespace PolicyValidator.Expressions.Re2;

/// <summary>
/// A node of a parsed pattern. Nodes change in place while alternations are factored; what is shared after that is never changed.
/// </summary>
internal sealed class Regexp(RegexpOp op, RegexpFlags flags)
{
    /// <summary>For <see cref="Max"/>: no upper bound.</summary>
    public const int Unbounded = -1;

    /// <summary>What it matches.</summary>
    public RegexpOp Op { get; set; } = op;

    /// <summary>The flags where it was written.</summary>
    public RegexpFlags Flags { get; set; } = flags;

    /// <summary>The code points of a literal (one) or a literal string (two or more).</summary>
    public List<int> Runes { get; set; } = [];

    /// <summary>Its children, in order.</summary>
    public List<Regexp> Subs { get; set; } = [];

    /// <summary>The class of a <see cref="RegexpOp.CharClass"/>.</summary>
    public RuneSet? Class { get; set; }

    /// <summary>The fewest copies of a <see cref="RegexpOp.Repeat"/>.</summary>
    public int Min { get; set; }

    /// <summary>The most copies of a <see cref="RegexpOp.Repeat"/>, or <see cref="Unbounded"/>.</summary>
    public int Max { get; set; }

    /// <summary>The number of a capturing group, 0 for one that does not capture.</summary>
    public int Group { get; set; }

    /// <summary>Whether the case of ASCII letters does not matter.</summary>
    public bool FoldsCase => Flags.HasFlag(RegexpFlags.FoldCase);

    /// <summary>Whether it prefers the shorter match.</summary>
    public bool NonGreedy => Flags.HasFlag(RegexpFlags.NonGreedy);

    /// <summary>Whether it exists only on the parser's stack.</summary>
    public bool IsMarker => Op >= RegexpOp.LeftParen;

    /// <summary>Whether it is <c>*</c>, <c>+</c> or <c>?</c>.</summary>
    public bool IsLoop => Op is RegexpOp.Star or RegexpOp.Plus or RegexpOp.Quest;

    /// <summary>Whether it matches exactly one character or byte.</summary>
    public bool IsOneCharacter => Op is RegexpOp.Literal or RegexpOp.CharClass or RegexpOp.AnyChar or RegexpOp.AnyByte;

    /// <summary>Whether it matches only positions, never text.</summary>
    public bool IsPosition => Op is RegexpOp.BeginLine or RegexpOp.EndLine or RegexpOp.WordBoundary
        or RegexpOp.NoWordBoundary or RegexpOp.BeginText or RegexpOp.EndText;

    /// <summary>The literal for these code points: the empty match, one literal, or a string.</summary>
    public static Regexp Literal(IReadOnlyList<int> runes, RegexpFlags flags) => runes.Count switch
    {
        0 => new(RegexpOp.EmptyMatch, flags),
        1 => new(RegexpOp.Literal, flags) { Runes = [runes[0]] },
        _ => new(RegexpOp.LiteralString, flags) { Runes = [.. runes] },
    };

    /// <summary>One loop or group around <paramref name="sub"/>.</summary>
    public static Regexp Around(RegexpOp op, Regexp sub, RegexpFlags flags) => new(op, flags) { Subs = [sub] };

    /// <summary>A loop; around a loop with the same flags it is that loop, or a star when the two differ.</summary>
    public static Regexp Loop(RegexpOp op, Regexp sub, RegexpFlags flags) =>
        !sub.IsLoop || sub.Flags != flags ? Around(op, sub, flags)
        : sub.Op == op || sub.Op == RegexpOp.Star ? sub
        : Around(RegexpOp.Star, sub.Subs[0], flags);

    /// <summary>A concatenation or an alternation; of one thing it is that thing.</summary>
    public static Regexp Of(RegexpOp op, List<Regexp> subs, RegexpFlags flags) => subs.Count switch
    {
        0 => new(op == RegexpOp.Alternate ? RegexpOp.NoMatch : RegexpOp.EmptyMatch, flags),
        1 => subs[0],
        _ => new(op, flags) { Subs = subs },
    };

    /// <summary>The same node with other children.</summary>
    public Regexp With(List<Regexp> subs) => new(Op, Flags) { Subs = subs, Min = Min, Max = Max, Group = Group };

    /// <summary>Becomes what <paramref name="other"/> is.</summary>
    public void Become(Regexp other)
    {
        (Op, Flags, Runes, Subs, Class) = (other.Op, other.Flags, other.Runes, other.Subs, other.Class);
        (Min, Max, Group) = (other.Min, other.Max, other.Group);
    }

    /// <summary>Whether two nodes are the same pattern, as RE2 sees it.</summary>
    public static bool Same(Regexp? left, Regexp? right)
    {
        if (left is null || right is null || ReferenceEquals(left, right))
        {
            return ReferenceEquals(left, right);
        }

        RuntimeHelpers.EnsureSufficientExecutionStack();
        return SameTop(left, right) && left.Subs.Zip(right.Subs).All(pair => Same(pair.First, pair.Second));
    }

    private static bool SameTop(Regexp left, Regexp right) =>
        left.Op == right.Op && left.Subs.Count == right.Subs.Count && left.Op switch
        {
            RegexpOp.EndText => left.Agrees(right, RegexpFlags.WasDollar),
            RegexpOp.Literal or RegexpOp.LiteralString => left.Agrees(right, RegexpFlags.FoldCase) && left.Runes.SequenceEqual(right.Runes),
            RegexpOp.Star or RegexpOp.Plus or RegexpOp.Quest => left.Agrees(right, RegexpFlags.NonGreedy),
            RegexpOp.Repeat => left.Agrees(right, RegexpFlags.NonGreedy) && left.Min == right.Min && left.Max == right.Max,
            RegexpOp.Capture => left.Group == right.Group,
            RegexpOp.CharClass => left.Class!.Ranges.SequenceEqual(right.Class!.Ranges),
            _ => true,
        };

    /// <summary>Whether both have the flag or neither has.</summary>
    public bool Agrees(Regexp other, RegexpFlags flag) => ((Flags ^ other.Flags) & flag) == 0;
}
