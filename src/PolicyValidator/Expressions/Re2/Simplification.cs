using System.Runtime.CompilerServices;

namespace PolicyValidator.Expressions.Re2;

/// <summary>Rewrites a tree into what the compiler knows: counted repetitions are written out, empty and full classes named.</summary>
internal sealed class Simplification
{
    private int copiesLeft = ProgramBuilder.MaxInstructions;

    /// <summary>Whether repetitions come to more copies than a program may have instructions.</summary>
    public bool IsTooLarge => copiesLeft < 0;

    /// <summary>The simplified tree; parts of it may be shared.</summary>
    public Regexp Simplify(Regexp node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return node.Op switch
        {
            RegexpOp.Concat or RegexpOp.Alternate or RegexpOp.Capture => node.With([.. node.Subs.Select(Simplify)]),
            RegexpOp.Star or RegexpOp.Plus or RegexpOp.Quest => Loop(node, Simplify(node.Subs[0])),
            RegexpOp.Repeat => Repeat(Simplify(node.Subs[0]), node.Min, node.Max, node.Flags),
            RegexpOp.CharClass when node.Class!.IsEmpty => new(RegexpOp.NoMatch, node.Flags),
            RegexpOp.CharClass when node.Class!.IsFull => new(RegexpOp.AnyChar, node.Flags),
            _ => node,
        };
    }

    private static Regexp Loop(Regexp node, Regexp sub) =>
        sub.Op == RegexpOp.EmptyMatch || (sub.Op == node.Op && sub.Flags == node.Flags) ? sub : Regexp.Around(node.Op, sub, node.Flags);

    private Regexp Repeat(Regexp sub, int min, int max, RegexpFlags flags)
    {
        if (sub.Op == RegexpOp.EmptyMatch)
        {
            return sub;
        }

        // A position more than once is that position.
        if (IsEmptyWidth(sub))
        {
            (min, max) = (Math.Min(min, 1), Math.Min(max, 1));
        }

        copiesLeft -= Math.Max(min, max);
        if (IsTooLarge)
        {
            return sub;
        }

        if (max == Regexp.Unbounded)
        {
            return min == 0 ? Regexp.Loop(RegexpOp.Star, sub, flags)
                : min == 1 ? Regexp.Loop(RegexpOp.Plus, sub, flags)
                : Regexp.Of(RegexpOp.Concat, [.. Enumerable.Repeat(sub, min - 1), Regexp.Loop(RegexpOp.Plus, sub, flags)], flags);
        }

        if (min == 0 && max == 0)
        {
            return new(RegexpOp.EmptyMatch, flags);
        }

        Regexp? required = min > 0 ? Regexp.Of(RegexpOp.Concat, [.. Enumerable.Repeat(sub, min)], flags) : null;
        Regexp? optional = max > min ? Optional(sub, max - min, flags) : null;
        return required is null ? optional!
            : optional is null ? required
            : new(RegexpOp.Concat, flags) { Subs = [required, optional] };
    }

    // x{0,3} is (?:x(?:x(?:x)?)?)?
    private static Regexp Optional(Regexp sub, int copies, RegexpFlags flags)
    {
        Regexp optional = Regexp.Loop(RegexpOp.Quest, sub, flags);
        for (int i = 1; i < copies; i++)
        {
            optional = Regexp.Loop(RegexpOp.Quest, new(RegexpOp.Concat, flags) { Subs = [sub, optional] }, flags);
        }

        return optional;
    }

    private static bool IsEmptyWidth(Regexp node) =>
        node.IsPosition || (node.Op is RegexpOp.Concat or RegexpOp.Alternate && node.Subs.All(IsEmptyWidth));
}
