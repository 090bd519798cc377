using System.Runtime.CompilerServices;

namespace PolicyValidator.Expressions.Re2;

/// <summary>Joins neighbouring repetitions of the same character, as RE2 does before it compiles: <c>a*a+a</c> becomes <c>a{2,}</c>.</summary>
internal static class RepetitionCoalescing
{
    /// <summary>The tree with all such neighbours joined; the tree given stays as it is.</summary>
    public static Regexp Coalesce(Regexp node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (node.Subs.Count == 0)
        {
            return node;
        }

        List<Regexp> subs = [.. node.Subs.Select(Coalesce)];
        if (node.Op != RegexpOp.Concat)
        {
            return node.With(subs);
        }

        bool joined = false;
        for (int i = 0; i + 1 < subs.Count; i++)
        {
            if (CanJoin(subs[i], subs[i + 1]))
            {
                (subs[i], subs[i + 1]) = Join(subs[i], subs[i + 1]);
                joined = true;
            }
        }

        return node.With(joined ? [.. subs.Where(sub => sub.Op != RegexpOp.EmptyMatch)] : subs);
    }

    private static bool CanJoin(Regexp left, Regexp right)
    {
        if (!IsRepetition(left) || !left.Subs[0].IsOneCharacter)
        {
            return false;
        }

        Regexp character = left.Subs[0];
        return (IsRepetition(right) && Regexp.Same(character, right.Subs[0]) && left.Agrees(right, RegexpFlags.NonGreedy))
            || Regexp.Same(character, right)
            || (character.Op == RegexpOp.Literal && right.Op == RegexpOp.LiteralString
                && right.Runes[0] == character.Runes[0] && character.Agrees(right, RegexpFlags.FoldCase));
    }

    private static bool IsRepetition(Regexp node) => node.IsLoop || node.Op == RegexpOp.Repeat;

    private static (Regexp Left, Regexp Right) Join(Regexp left, Regexp right)
    {
        Regexp character = left.Subs[0];
        (int min, int max) = Bounds(left);
        if (right.Op == RegexpOp.LiteralString)
        {
            int same = right.Runes.TakeWhile(rune => rune == character.Runes[0]).Count();
            Regexp taken = Repeat(min + same, Sum(max, same));
            return same == right.Runes.Count ? (Empty(), taken) : (taken, Regexp.Literal(right.Runes[same..], right.Flags));
        }

        (int moreMin, int moreMax) = IsRepetition(right) ? Bounds(right) : (1, 1);
        return (Empty(), Repeat(min + moreMin, Sum(max, moreMax)));

        Regexp Repeat(int least, int most) => new(RegexpOp.Repeat, left.Flags) { Subs = [character], Min = least, Max = most };
    }

    private static Regexp Empty() => new(RegexpOp.EmptyMatch, RegexpFlags.None);

    private static int Sum(int max, int more) => max == Regexp.Unbounded || more == Regexp.Unbounded ? Regexp.Unbounded : max + more;

    private static (int Min, int Max) Bounds(Regexp repetition) => repetition.Op switch
    {
        RegexpOp.Star => (0, Regexp.Unbounded),
        RegexpOp.Plus => (1, Regexp.Unbounded),
        RegexpOp.Quest => (0, 1),
        _ => (repetition.Min, repetition.Max),
    };
}
