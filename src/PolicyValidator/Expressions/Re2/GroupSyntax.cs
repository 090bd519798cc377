namespace PolicyValidator.Expressions.Re2;

/// <summary>What may follow <c>(?</c>: a name, flags, a colon.</summary>
internal static class GroupSyntax
{
    /// <summary>Reads <c>(?P&lt;name&gt;</c> or <c>(?&lt;name&gt;</c>; false when it is something else.</summary>
    public static bool TryReadName(PatternText text)
    {
        int begin = text.Position;
        if (text.Dialect.KnowsLookBehind && (text.StartsWith("(?<=") || text.StartsWith("(?<!")))
        {
            throw text.Error("invalid perl operator", begin, begin + 4);
        }

        int length = text.StartsWith("(?P<") ? 4 : text.StartsWith("(?<") ? 3 : 0;
        if (length == 0 || text.Left <= length)
        {
            return false;
        }

        int end = text.FindClosing(">", begin + 2);
        if (end == PatternText.End)
        {
            throw text.Error("invalid named capture group", begin);
        }

        text.Position = begin + length;
        if (!NameIsValid(text, end))
        {
            throw text.Error("invalid named capture group", begin, end + 1);
        }

        text.Position = end + 1;
        return true;
    }

    /// <summary>Reads <c>(?i)</c> or <c>(?i-s:</c>: the flags from here on, and whether a group opens.</summary>
    public static (RegexpFlags Flags, bool Opens) ReadFlags(PatternText text, RegexpFlags flags)
    {
        int begin = text.Position;
        text.Position += 2;
        (bool negated, bool sawFlags) = (false, false);
        while (!text.AtEnd)
        {
            int letter = text.Take();
            if (letter is ':' or ')')
            {
                return negated && !sawFlags ? throw Bad(text, begin) : (flags, letter == ':');
            }

            if (letter == '-' && !negated)
            {
                (negated, sawFlags) = (true, false);
            }
            else
            {
                flags = Switch(flags, letter, negated) ?? throw Bad(text, begin);
                sawFlags = true;
            }
        }

        throw Bad(text, begin);
    }

    private static RegexpFlags? Switch(RegexpFlags flags, int letter, bool negated)
    {
        return letter switch
        {
            'i' => Set(RegexpFlags.FoldCase, !negated),
            'm' => Set(RegexpFlags.OneLine, negated),
            's' => Set(RegexpFlags.DotNewline, !negated),
            'U' => Set(RegexpFlags.NonGreedy, !negated),
            _ => null,
        };

        RegexpFlags Set(RegexpFlags flag, bool on) => on ? flags | flag : flags & ~flag;
    }

    private static bool NameIsValid(PatternText text, int end)
    {
        bool any = text.Position < end;
        while (text.Position < end)
        {
            if (!IsNameCharacter(text.Take()))
            {
                return false;
            }
        }

        return any;
    }

    private static bool IsNameCharacter(int rune) => rune == '_' || NameCategories.Any(category =>
        NamedClasses.UnicodeGroup(category)!.Any(range => range.Lo <= rune && rune <= range.Hi));

    private static readonly string[] NameCategories = ["L", "M", "Nd", "Nl", "Pc"];

    private static PatternException Bad(PatternText text, int begin) => text.Error("invalid perl operator", begin, text.Position);
}
