namespace PolicyValidator.Expressions.Re2;

/// <summary>Character classes: <c>[a-z]</c>, <c>\d</c>, <c>\p{Greek}</c>, with <c>(?i)</c> applied.</summary>
internal static class ClassParser
{
    /// <summary>Reads the class that begins at <c>[</c>.</summary>
    public static RuneSet Brackets(PatternText text, bool foldCase)
    {
        int begin = text.Position;
        RuneSet set = new();
        text.Take();
        bool negated = text.Peek() == '^';
        text.Position += negated ? 1 : 0;

        // A ] that comes first is a member.
        for (bool first = true; !text.AtEnd && (text.Peek() != ']' || first); first = false)
        {
            if (!PosixClass(text, set, foldCase) && !Escaped(text, set, foldCase, fewest: 3))
            {
                Range(text, set, begin, foldCase);
            }
        }

        if (text.AtEnd)
        {
            throw text.Error("missing ]", begin);
        }

        text.Take();
        if (negated)
        {
            set.Negate();
        }

        return set;
    }

    /// <summary>Reads <c>\d</c> and its kin or <c>\p{…}</c>, if one comes next. With fewer than <paramref name="fewest"/> characters left <c>\p</c> is no class.</summary>
    public static bool Escaped(PatternText text, RuneSet set, bool foldCase, int fewest = 2)
    {
        if (text.Peek() != '\\')
        {
            return false;
        }

        if (text.Peek(1) is 'p' or 'P' && text.Left >= fewest)
        {
            UnicodeGroup(text, set, foldCase);
            return true;
        }

        if (NamedClasses.Perl(text.Peek(1)) is not { } perl)
        {
            return false;
        }

        text.Position += 2;
        Add(set, perl.Ranges, perl.Negated, foldCase ? text.Dialect.Folding : null);
        return true;
    }

    private static bool PosixClass(PatternText text, RuneSet set, bool foldCase)
    {
        if (text.Left <= 2 || !text.StartsWith("[:"))
        {
            return false;
        }

        int begin = text.Position;
        int end = text.FindClosing(":]", begin + 2);
        if (end == PatternText.End)
        {
            return false;
        }

        text.Position = end + 2;
        (RuneRange[] ranges, bool negated) = NamedClasses.PosixClass(text.Slice(begin + 2, end))
            ?? throw text.Error("invalid character class range", begin, text.Position);
        Add(set, ranges, negated, foldCase ? text.Dialect.Folding : null);
        return true;
    }

    private static void UnicodeGroup(PatternText text, RuneSet set, bool foldCase)
    {
        int begin = text.Position;
        bool negated = text.Peek(1) == 'P';
        text.Position += 2;
        string name;
        if (text.Peek() == '{')
        {
            int end = text.Find('}');
            if (end == PatternText.End)
            {
                throw text.Error("invalid character class range", begin);
            }

            name = text.Slice(text.Position + 1, end);
            text.Position = end + 1;
        }
        else
        {
            int end = text.Position + Math.Min(1, text.Left);
            name = text.Slice(text.Position, end);
            text.Position = end;
        }

        if (name.StartsWith('^'))
        {
            (negated, name) = (!negated, name[1..]);
        }

        RuneRange[] ranges = NamedClasses.UnicodeGroup(name) ?? throw text.Error("invalid character class range", begin, text.Position);
        Add(set, ranges, negated, foldCase ? text.Dialect.Folding : null);
    }

    private static void Range(PatternText text, RuneSet set, int classBegin, bool foldCase)
    {
        int begin = text.Position;
        int lo = Character(text, classBegin);
        int hi = lo;
        if (text.Peek() == '-' && text.Left >= 2 && text.Peek(1) != ']')
        {
            text.Take();
            hi = Character(text, classBegin);
            if (hi < lo)
            {
                throw text.Error("invalid character class range", begin, text.Position);
            }
        }

        Add(set, [new(lo, hi)], negated: false, foldCase ? text.Dialect.Folding : null);
    }

    private static int Character(PatternText text, int classBegin)
    {
        if (text.AtEnd)
        {
            throw text.Error("missing ]", classBegin);
        }

        return text.Peek() == '\\' ? EscapeParser.Parse(text) : text.Take();
    }

    private static void Add(RuneSet set, RuneRange[] ranges, bool negated, CaseFolding? folding)
    {
        RuneSet part = negated ? new() : set;
        foreach (RuneRange range in ranges)
        {
            if (folding is null)
            {
                part.Add(range.Lo, range.Hi);
            }
            else
            {
                folding.AddFolded(part, range.Lo, range.Hi);
            }
        }

        if (negated)
        {
            part.Negate();
            set.Add(part.Ranges);
        }
    }
}
