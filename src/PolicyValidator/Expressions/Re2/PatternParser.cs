namespace PolicyValidator.Expressions.Re2;

/// <summary>
/// Reads RE2's syntax with the options that Envoy uses (Perl's classes, groups and flags; one line unless <c>(?m)</c>).
/// Throws <see cref="PatternException"/> with RE2's sentence for what RE2 refuses.
/// </summary>
internal sealed class PatternParser(PatternText text)
{
    private readonly ParseStack stack = new(text.Dialect);
    private int groups;

    /// <summary>Where the last repetition operator began, when nothing came after it.</summary>
    private int? lastRepeat;

    /// <summary>Reads all of it.</summary>
    public Regexp Parse()
    {
        while (!text.AtEnd)
        {
            int? repeat = ParseOne();
            lastRepeat = repeat;
        }

        stack.EndAlternation();
        return stack.Count == 1 ? stack.Pop() : throw text.Error("missing )", 0);
    }

    private int? ParseOne()
    {
        switch (text.Peek())
        {
            case '(':
                OpenGroup();
                return null;
            case ')':
                CloseGroup();
                return null;
            case '|':
                text.Take();
                stack.EndBranch();
                return null;
            case '^':
                Push(stack.Flags.HasFlag(RegexpFlags.OneLine) ? RegexpOp.BeginText : RegexpOp.BeginLine);
                return null;
            case '$':
                PushDollar();
                return null;
            case '.':
                PushDot();
                return null;
            case '[':
                stack.Push(ClassParser.Brackets(text, FoldsCase));
                return null;
            case '*':
                return Repeat(RegexpOp.Star);
            case '+':
                return Repeat(RegexpOp.Plus);
            case '?':
                return Repeat(RegexpOp.Quest);
            case '{':
                return RepeatCounted();
            case '\\':
                PushEscape();
                return null;
            default:
                stack.PushLiteral(text.Take());
                return null;
        }
    }

    private bool FoldsCase => stack.Flags.HasFlag(RegexpFlags.FoldCase);

    private void Push(RegexpOp op, int length = 1)
    {
        stack.Push(op);
        text.Position += length;
    }

    private void PushDollar()
    {
        text.Take();
        stack.Push(stack.Flags.HasFlag(RegexpFlags.OneLine)
            ? new Regexp(RegexpOp.EndText, stack.Flags | RegexpFlags.WasDollar)
            : new Regexp(RegexpOp.EndLine, stack.Flags));
    }

    private void PushDot()
    {
        text.Take();
        if (stack.Flags.HasFlag(RegexpFlags.DotNewline))
        {
            stack.Push(RegexpOp.AnyChar);
            return;
        }

        RuneSet set = new();
        set.Add(0, '\n' - 1);
        set.Add('\n' + 1, RuneSet.MaxRune);
        stack.Push(set);
    }

    private void PushEscape()
    {
        switch (text.Peek(1))
        {
            case 'b':
                Push(RegexpOp.WordBoundary, 2);
                return;
            case 'B':
                Push(RegexpOp.NoWordBoundary, 2);
                return;
            case 'A':
                Push(RegexpOp.BeginText, 2);
                return;
            case 'z':
                Push(RegexpOp.EndText, 2);
                return;
            case 'C':
                Push(RegexpOp.AnyByte, 2);
                return;
            case 'Q':
                PushQuoted();
                return;
        }

        RuneSet set = new();
        if (ClassParser.Escaped(text, set, FoldsCase))
        {
            stack.Push(set);
            return;
        }

        stack.PushLiteral(EscapeParser.Parse(text));
    }

    private void PushQuoted()
    {
        text.Position += 2;
        while (!text.AtEnd)
        {
            if (text.StartsWith("\\E"))
            {
                text.Position += 2;
                return;
            }

            stack.PushLiteral(text.Take());
        }
    }

    private int Repeat(RegexpOp op)
    {
        int begin = text.Position;
        text.Take();
        RegexpFlags flags = ReadGreed(begin);
        if (stack.Repeatable is not { } top)
        {
            throw text.Error("no argument for repetition operator", begin, text.Position);
        }

        // Loops of loops, such as (?:a*)+, are one star; only groups bring two together.
        if (top.IsLoop && top.Flags == flags)
        {
            top.Op = top.Op == op ? op : RegexpOp.Star;
            return begin;
        }

        stack.ReplaceTop(Regexp.Around(op, top, flags));
        return begin;
    }

    private int? RepeatCounted()
    {
        int begin = text.Position;
        if (RepetitionCount.TryParse(text) is not { } count)
        {
            stack.PushLiteral(text.Take());
            return null;
        }

        RegexpFlags flags = ReadGreed(begin);
        if (!count.IsAllowed)
        {
            throw text.Error("invalid repetition size", begin, text.Position);
        }

        Regexp top = stack.Repeatable ?? throw text.Error("no argument for repetition operator", begin, text.Position);
        Regexp repeat = new(RegexpOp.Repeat, flags) { Subs = [top], Min = count.Min, Max = count.Max };
        if ((count.Min >= 2 || count.Max >= 2) && RepetitionCount.Remaining(repeat, RepetitionCount.Limit) == 0)
        {
            throw text.Error("invalid repetition size", begin, text.Position);
        }

        stack.ReplaceTop(repeat);
        return begin;
    }

    private RegexpFlags ReadGreed(int begin)
    {
        bool reluctant = text.Peek() == '?';
        text.Position += reluctant ? 1 : 0;
        if (lastRepeat is { } last)
        {
            throw text.Error("bad repetition operator", last, text.Position);
        }

        return reluctant ? stack.Flags ^ RegexpFlags.NonGreedy : stack.Flags;
    }

    private void OpenGroup()
    {
        if (text.Peek(1) != '?')
        {
            text.Take();
            stack.Push(new Regexp(RegexpOp.LeftParen, stack.Flags) { Group = ++groups });
            return;
        }

        if (GroupSyntax.TryReadName(text))
        {
            stack.Push(new Regexp(RegexpOp.LeftParen, stack.Flags) { Group = ++groups });
            return;
        }

        (RegexpFlags flags, bool opens) = GroupSyntax.ReadFlags(text, stack.Flags);
        if (opens)
        {
            stack.Push(new Regexp(RegexpOp.LeftParen, stack.Flags));
        }

        stack.Flags = flags;
    }

    private void CloseGroup()
    {
        stack.EndAlternation();
        if (stack.Count < 2)
        {
            throw text.Error("unexpected )", 0);
        }

        text.Take();
        Regexp inner = stack.Pop();
        Regexp paren = stack.Pop();
        stack.Flags = paren.Flags;
        stack.Push(paren.Group > 0 ? new Regexp(RegexpOp.Capture, paren.Flags) { Group = paren.Group, Subs = [inner] } : inner);
    }
}
