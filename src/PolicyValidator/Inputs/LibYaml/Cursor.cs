namespace PolicyValidator.Inputs.LibYaml;

/// <summary>A place in a text, counted as libyaml counts: in characters, with lines that end at any break of YAML 1.1.</summary>
/// <param name="text">The text, which ends in a line break.</param>
internal sealed class Cursor(string text)
{
    /// <summary>The place in UTF-16 units.</summary>
    public int At { get; private set; }

    /// <summary>Characters before it.</summary>
    public int Index { get; private set; }

    /// <summary>Lines before it.</summary>
    public int Line { get; private set; }

    /// <summary>Characters of this line before it.</summary>
    public int Column { get; private set; }

    /// <summary>The character here; NUL at the end.</summary>
    public char Here => Ahead(0);

    /// <summary>Nothing is left.</summary>
    public bool IsAtEnd => Here == '\0';

    /// <summary>A space or tab stands here.</summary>
    public bool IsAtBlank => IsBlank(Here);

    /// <summary>A line break stands here.</summary>
    public bool IsAtBreak => IsBreak(Here);

    /// <summary>A line break stands here, or nothing.</summary>
    public bool IsAtBreakOrEnd => IsAtBreak || IsAtEnd;

    /// <summary>White space stands here, or nothing.</summary>
    public bool IsAtBlankBreakOrEnd => IsBlankBreakOrEnd(Here);

    /// <summary>Whether <c>---</c> or <c>...</c> stands here at the beginning of a line, as a word of its own.</summary>
    public bool IsAtMarker => Column == 0 && Here is '-' or '.' && Ahead(1) == Here && Ahead(2) == Here && IsBlankBreakOrEnd(Ahead(3));

    /// <summary>Whether a name in an anchor, handle or directive may have a character.</summary>
    public bool IsAtWord => char.IsAsciiLetterOrDigit(Here) || Here is '_' or '-';

    public static bool IsBlank(char here) => here is ' ' or '\t';

    public static bool IsBreak(char here) => here is '\r' or '\n' or '\u0085' or '\u2028' or '\u2029';

    public static bool IsBlankBreakOrEnd(char here) => IsBlank(here) || IsBreak(here) || here == '\0';

    /// <summary>The character some places ahead.</summary>
    public char Ahead(int distance) => At + distance < text.Length ? text[At + distance] : '\0';

    /// <summary>Goes one character on.</summary>
    public char Take()
    {
        char here = text[At++];
        if (!char.IsLowSurrogate(here))
        {
            Index++;
            Column++;
        }

        return here;
    }

    /// <summary>Goes some characters on.</summary>
    public void Skip(int count)
    {
        for (; count > 0; count--)
        {
            Take();
        }
    }

    /// <summary>Goes behind a line break: what it is in a value.</summary>
    public string TakeBreak()
    {
        if (IsAtEnd)
        {
            return "";
        }

        char here = Take();
        if (here == '\r' && Here == '\n')
        {
            Take();
        }

        Line++;
        Column = 0;
        return here is '\u2028' or '\u2029' ? here.ToString() : "\n";
    }

    /// <summary>Goes behind spaces and tabs.</summary>
    public void SkipBlanks()
    {
        while (IsAtBlank)
        {
            Take();
        }
    }

    /// <summary>Goes to the end of the line, if a comment stands here.</summary>
    public void SkipComment()
    {
        while (Here == '#' && !IsAtBreakOrEnd)
        {
            while (!IsAtBreakOrEnd)
            {
                Take();
            }
        }
    }

    /// <summary>Takes letters, digits, underscores and dashes.</summary>
    public string TakeWord()
    {
        int start = At;
        while (IsAtWord)
        {
            Take();
        }

        return text[start..At];
    }
}
