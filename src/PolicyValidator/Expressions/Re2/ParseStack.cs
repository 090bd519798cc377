namespace PolicyValidator.Expressions.Re2;

/// <summary>
/// What has been parsed and not yet collapsed. A group and a branch of an alternation are marked on the stack;
/// what lies above a mark is one concatenation. The shapes that come out are RE2's, for the size of the program depends on them.
/// </summary>
internal sealed class ParseStack(Re2Dialect dialect)
{
    private readonly List<Regexp> stack = [];

    /// <summary>The flags that hold for what is pushed next.</summary>
    public RegexpFlags Flags { get; set; } = RegexpFlags.OneLine;

    /// <summary>How many nodes and marks lie on it.</summary>
    public int Count => stack.Count;

    /// <summary>The topmost node, when something that can be repeated is there.</summary>
    public Regexp? Repeatable => stack is [.., { IsMarker: false } top] ? top : null;

    /// <summary>The topmost node or mark.</summary>
    public Regexp Top => stack[^1];

    /// <summary>Takes the topmost node or mark off.</summary>
    public Regexp Pop()
    {
        Regexp top = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    /// <summary>Puts a node in the place of the topmost one.</summary>
    public void ReplaceTop(Regexp node) => stack[^1] = node;

    /// <summary>Pushes a node without arguments.</summary>
    public void Push(RegexpOp op) => Push(new Regexp(op, Flags));

    /// <summary>Pushes a class; one of a single character, or of a letter in both cases, becomes a literal.</summary>
    public void Push(RuneSet set)
    {
        set.RemoveAbove(dialect.MaxRune);
        Push(Narrow(new Regexp(RegexpOp.CharClass, Flags & ~RegexpFlags.FoldCase) { Class = set }));
    }

    /// <summary>Pushes a node.</summary>
    public void Push(Regexp node)
    {
        JoinLiterals();
        stack.Add(node);
    }

    /// <summary>Pushes one character.</summary>
    public void PushLiteral(int rune)
    {
        if (Flags.HasFlag(RegexpFlags.FoldCase) && dialect.Folding.Orbit(rune) is { Count: > 0 } orbit)
        {
            RuneSet set = new();
            foreach (int member in orbit)
            {
                set.Add(member, member);
            }

            Push(set);
            return;
        }

        Push(Regexp.Literal([rune], Flags));
    }

    /// <summary>Ends a branch: what lies above the last mark becomes one concatenation, below the alternation's mark.</summary>
    public void EndBranch()
    {
        JoinLiterals();
        Concatenate();
        if (stack is not [.., { Op: RegexpOp.VerticalBar } bar, { } branch])
        {
            Push(RegexpOp.VerticalBar);
            return;
        }

        // Of two neighbours any character takes the other in.
        if (stack is [.., { IsMarker: false } before, _, _] && (Absorbs(before, branch) || Absorbs(branch, before)))
        {
            stack[^3] = before.Op == RegexpOp.AnyChar ? before : branch;
            stack.RemoveAt(stack.Count - 1);
            return;
        }

        (stack[^2], stack[^1]) = (branch, bar);
    }

    /// <summary>Ends an alternation: all its branches become one node.</summary>
    public void EndAlternation()
    {
        EndBranch();
        Pop();
        Collapse(RegexpOp.Alternate);
    }

    private static bool Absorbs(Regexp any, Regexp other) =>
        any.Op == RegexpOp.AnyChar && (other.Op is RegexpOp.Literal or RegexpOp.CharClass or RegexpOp.AnyChar);

    private Regexp Narrow(Regexp node)
    {
        RuneSet set = node.Class!;
        if (set.IsEmpty || set.Count > 2)
        {
            return node;
        }

        int first = set.Ranges[0].Lo;
        return set.Count == 1 ? Regexp.Literal([first], Flags)
            : first is >= 'A' and <= 'Z' && set.Contains(first + 'a' - 'A') ? Regexp.Literal([first + 'a' - 'A'], Flags | RegexpFlags.FoldCase)
            : node;
    }

    private void Concatenate()
    {
        if (Repeatable is null)
        {
            Push(RegexpOp.EmptyMatch);
        }

        Collapse(RegexpOp.Concat);
    }

    private void Collapse(RegexpOp op)
    {
        int from = stack.FindLastIndex(node => node.IsMarker) + 1;
        if (stack.Count - from <= 1)
        {
            return;
        }

        List<Regexp> subs = [.. stack.Skip(from).SelectMany(node => node.Op == op ? node.Subs : [node])];
        stack.RemoveRange(from, stack.Count - from);
        stack.Add(op == RegexpOp.Alternate ? Regexp.Of(op, new AlternationFactoring(dialect.Folding, Flags).Factor(subs), Flags) : Regexp.Of(op, subs, Flags));
    }

    // The topmost literal stays alone until the next thing is pushed: a repetition takes only it.
    private void JoinLiterals()
    {
        if (stack is not [.., { Op: RegexpOp.Literal or RegexpOp.LiteralString } below, { Op: RegexpOp.Literal or RegexpOp.LiteralString } top]
            || !below.Agrees(top, RegexpFlags.FoldCase))
        {
            return;
        }

        below.Op = RegexpOp.LiteralString;
        below.Runes.AddRange(top.Runes);
        stack.RemoveAt(stack.Count - 1);
    }
}
