using System.Runtime.CompilerServices;

namespace PolicyValidator.Expressions.Re2;

/// <summary>Compiles a simplified tree into the automaton that RE2 would build, to know its size.</summary>
internal sealed class ProgramCompiler(bool latin1)
{
    // How deep RE2 looks for an anchor that it can take out.
    private const int AnchorDepth = 4;

    private readonly ProgramBuilder program = new();
    private int visitsLeft = 2 * ProgramBuilder.MaxInstructions;

    /// <summary>The number of instructions that RE2 reports, or null when the program is too large for it.</summary>
    public int? Size(Regexp parsed)
    {
        Simplification simplification = new();
        Regexp tree = simplification.Simplify(RepetitionCoalescing.Coalesce(WithoutRequiredPrefix(parsed)));
        if (simplification.IsTooLarge)
        {
            return null;
        }

        bool anchored = TakeAnchor(tree, RegexpOp.BeginText, last: false, 0) is { } withoutStart;
        tree = anchored ? TakeAnchor(tree, RegexpOp.BeginText, last: false, 0)! : tree;
        tree = TakeAnchor(tree, RegexpOp.EndText, last: true, 0) ?? tree;

        Fragment all = program.Then(Compile(tree), program.Match());
        int start = all.Begin;
        if (!anchored)
        {
            all = program.Then(program.Star(program.Bytes(0, 0xFF, foldsCase: false), nonGreedy: true), all);
        }

        return program.IsTooLarge || visitsLeft < 0 ? null
            : start == 0 && all.Begin == 0 ? 1
            : new ProgramFlattening(program, start, all.Begin).Size();
    }

    // RE2 compares a required prefix as text and compiles only what follows it.
    private static Regexp WithoutRequiredPrefix(Regexp tree)
    {
        if (tree.Op != RegexpOp.Concat)
        {
            return tree;
        }

        int anchors = tree.Subs.TakeWhile(sub => sub.Op == RegexpOp.BeginText).Count();
        return anchors > 0 && anchors < tree.Subs.Count && tree.Subs[anchors].Op is RegexpOp.Literal or RegexpOp.LiteralString
            ? Regexp.Of(RegexpOp.Concat, tree.Subs[(anchors + 1)..], tree.Flags)
            : tree;
    }

    /// <summary>The tree without the anchor that it begins (or ends) with; null when it has none that is easy to see.</summary>
    private static Regexp? TakeAnchor(Regexp node, RegexpOp anchor, bool last, int depth)
    {
        if (depth >= AnchorDepth)
        {
            return null;
        }

        if (node.Op == anchor)
        {
            return new(RegexpOp.EmptyMatch, node.Flags);
        }

        if (node.Op is not (RegexpOp.Concat or RegexpOp.Capture) || node.Subs.Count == 0)
        {
            return null;
        }

        int at = last ? node.Subs.Count - 1 : 0;
        if (TakeAnchor(node.Subs[at], anchor, last, depth + 1) is not { } without)
        {
            return null;
        }

        List<Regexp> subs = [.. node.Subs];
        subs[at] = without;
        return node.With(subs);
    }

    private Fragment Compile(Regexp node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (--visitsLeft < 0 || program.IsTooLarge)
        {
            return default;
        }

        return node.Op switch
        {
            RegexpOp.EmptyMatch => program.Step(InstructionOp.Nop),
            RegexpOp.Concat => Join(node, program.Then),
            RegexpOp.Alternate => Join(node, program.Or),
            RegexpOp.Star => program.Star(Compile(node.Subs[0]), node.NonGreedy),
            RegexpOp.Plus => program.Plus(Compile(node.Subs[0]), node.NonGreedy),
            RegexpOp.Quest => program.Quest(Compile(node.Subs[0]), node.NonGreedy),
            RegexpOp.Capture => program.Capture(Compile(node.Subs[0])),
            RegexpOp.Literal or RegexpOp.LiteralString => Literal(node),
            RegexpOp.AnyChar => Ranges([new(0, RuneSet.MaxRune)], foldsAscii: false),
            RegexpOp.AnyByte => program.Bytes(0, 0xFF, foldsCase: false),
            RegexpOp.CharClass => Ranges(node.Class!.Ranges, node.Class.FoldsAscii),
            _ when node.IsPosition => program.Step(InstructionOp.EmptyWidth),
            _ => default,
        };
    }

    private Fragment Join(Regexp node, Func<Fragment, Fragment, Fragment> join)
    {
        Fragment[] parts = [.. node.Subs.Select(Compile)];
        return parts.Skip(1).Aggregate(parts[0], join);
    }

    private Fragment Literal(Regexp node)
    {
        Fragment all = default;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (int rune in node.Runes)
        {
            Fragment one = rune < 0x80 || latin1 ? program.Bytes(rune, rune, node.FoldsCase) : Sequence(utf8[..Utf8.Encode(rune, utf8)]);
            all = all.IsNoMatch ? one : program.Then(all, one);
        }

        return all;
    }

    private Fragment Sequence(ReadOnlySpan<byte> bytes)
    {
        Fragment all = program.Bytes(bytes[0], bytes[0], foldsCase: false);
        foreach (byte next in bytes[1..])
        {
            all = program.Then(all, program.Bytes(next, next, foldsCase: false));
        }

        return all;
    }

    private Fragment Ranges(IReadOnlyList<RuneRange> ranges, bool foldsAscii)
    {
        RuneRangeCompiler compiler = new(program, latin1);
        foreach ((int lo, int hi) in ranges)
        {
            // Where both cases are in the class, one range with folding stands for both.
            if (foldsAscii && lo >= 'A' && hi <= 'Z')
            {
                continue;
            }

            bool folds = foldsAscii && !(lo <= 'A' && hi >= 'z') && hi >= 'A' && lo <= 'z' && !(lo > 'Z' && hi < 'a');
            compiler.Add(lo, hi, folds);
        }

        return compiler.Finish();
    }
}
