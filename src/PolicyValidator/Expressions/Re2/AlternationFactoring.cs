using System.Runtime.CompilerServices;

namespace PolicyValidator.Expressions.Re2;

/// <summary>
/// Takes common beginnings out of an alternation's branches, as RE2 does, in three rounds: <c>abc|abd</c> becomes <c>ab[cd]</c>.
/// </summary>
internal sealed class AlternationFactoring(CaseFolding folding, RegexpFlags flags)
{
    /// <summary>The branches that remain.</summary>
    public List<Regexp> Factor(List<Regexp> branches)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return MergeClasses(FactorPieces(FactorLiterals(branches)));
    }

    // Round 1: runs of branches that begin with the same literal text.
    private List<Regexp> FactorLiterals(List<Regexp> branches)
    {
        List<Regexp> result = [];
        for (int start = 0, end; start < branches.Count; start = end)
        {
            (List<int> common, RegexpFlags commonFlags) = LeadingLiteral(branches[start]);
            for (end = start + 1; end < branches.Count; end++)
            {
                (List<int> other, RegexpFlags otherFlags) = LeadingLiteral(branches[end]);
                int same = otherFlags == commonFlags ? common.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count() : 0;
                if (same == 0)
                {
                    break;
                }

                common = common[..same];
            }

            List<Regexp> run = branches[start..end];
            if (run.Count > 1)
            {
                run.ForEach(branch => RemoveLeadingLiteral(branch, common.Count));
            }

            result.Add(run.Count == 1 ? run[0] : Prefixed(Regexp.Literal(common, commonFlags), run));
        }

        return result;
    }

    // Round 2: runs of branches whose first piece is the same and can be shared without changing which match is preferred.
    private List<Regexp> FactorPieces(List<Regexp> branches)
    {
        List<Regexp> result = [];
        for (int start = 0, end; start < branches.Count; start = end)
        {
            Regexp? first = LeadingPiece(branches[start]);
            end = start + 1;
            while (end < branches.Count && first is not null && CanBeShared(first) && Regexp.Same(first, LeadingPiece(branches[end])))
            {
                end++;
            }

            List<Regexp> run = branches[start..end];
            result.Add(run.Count == 1 ? run[0] : Prefixed(first!, [.. run.Select(RemoveLeadingPiece)]));
        }

        return result;
    }

    // Round 3: runs of single characters and classes become one class.
    private List<Regexp> MergeClasses(List<Regexp> branches)
    {
        List<Regexp> result = [];
        for (int start = 0, end; start < branches.Count; start = end)
        {
            end = start + 1;
            while (end < branches.Count && IsCharacter(branches[start]) && IsCharacter(branches[end]))
            {
                end++;
            }

            result.Add(end == start + 1 ? branches[start] : new Regexp(RegexpOp.CharClass, flags) { Class = Union(branches[start..end]) });
        }

        return result;
    }

    private Regexp Prefixed(Regexp prefix, List<Regexp> suffixes) =>
        Regexp.Of(RegexpOp.Concat, [prefix, Regexp.Of(RegexpOp.Alternate, Factor(suffixes), flags)], flags);

    private static bool IsCharacter(Regexp node) => node.Op is RegexpOp.Literal or RegexpOp.CharClass;

    private static bool CanBeShared(Regexp first) =>
        first.IsPosition
        || first.Op is RegexpOp.CharClass or RegexpOp.AnyChar or RegexpOp.AnyByte
        || (first.Op == RegexpOp.Repeat && first.Min == first.Max && first.Subs[0].IsOneCharacter);

    private RuneSet Union(List<Regexp> characters)
    {
        RuneSet set = new();
        foreach (Regexp character in characters)
        {
            if (character.Op == RegexpOp.CharClass)
            {
                set.Add(character.Class!.Ranges);
            }
            else if (character.FoldsCase)
            {
                folding.AddFolded(set, character.Runes[0], character.Runes[0]);
            }
            else
            {
                set.Add(character.Runes[0], character.Runes[0]);
            }
        }

        return set;
    }

    private static (List<int> Runes, RegexpFlags Flags) LeadingLiteral(Regexp node)
    {
        while (node.Op == RegexpOp.Concat)
        {
            node = node.Subs[0];
        }

        return (node.Op is RegexpOp.Literal or RegexpOp.LiteralString ? node.Runes : [], node.Flags & RegexpFlags.FoldCase);
    }

    private static void RemoveLeadingLiteral(Regexp node, int count)
    {
        if (node.Op == RegexpOp.Concat)
        {
            RemoveLeadingLiteral(node.Subs[0], count);
            if (node.Subs[0].Op != RegexpOp.EmptyMatch)
            {
                return;
            }

            node.Subs.RemoveAt(0);
            if (node.Subs.Count == 1)
            {
                node.Become(node.Subs[0]);
            }

            return;
        }

        List<int> rest = node.Runes[Math.Min(count, node.Runes.Count)..];
        node.Op = rest.Count switch { 0 => RegexpOp.EmptyMatch, 1 => RegexpOp.Literal, _ => RegexpOp.LiteralString };
        node.Runes = rest;
    }

    private static Regexp? LeadingPiece(Regexp node) => node switch
    {
        { Op: RegexpOp.EmptyMatch } => null,
        { Op: RegexpOp.Concat } => node.Subs[0].Op == RegexpOp.EmptyMatch ? null : node.Subs[0],
        _ => node,
    };

    private static Regexp RemoveLeadingPiece(Regexp node) => node.Op == RegexpOp.Concat
        ? Regexp.Of(RegexpOp.Concat, node.Subs[1..], node.Flags)
        : new Regexp(RegexpOp.EmptyMatch, node.Flags);
}
