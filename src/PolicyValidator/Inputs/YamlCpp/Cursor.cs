namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>
/// A place in a text, counted as yaml-cpp counts: in bytes of UTF-8, with lines that end at a line feed, or since 0.9 at the carriage return
/// if the first line does.
/// </summary>
internal sealed class Cursor(string text, YamlCppRelease release)
{
    private readonly char lineEnd = release >= YamlCppRelease.V09 && FirstLineEnd(text) is '\r' ? '\r' : '\n';

    /// <summary>Stands for what lies behind the end.</summary>
    public const int End = -1;

    /// <summary>The place in UTF-16 units.</summary>
    public int At { get; private set; }

    /// <summary>How many bytes lie before it.</summary>
    public int Bytes { get; private set; }

    /// <summary>Line feeds before it.</summary>
    public int Line { get; private set; }

    /// <summary>Bytes of this line before it.</summary>
    public int Column { get; private set; }

    /// <summary>Whether nothing is left.</summary>
    public bool IsAtEnd => At >= text.Length;

    /// <summary>The character here.</summary>
    public int Here => Ahead(0);

    /// <summary>Whether <c>---</c> or <c>...</c> stands here at the beginning of a line, as a word of its own.</summary>
    public bool IsAtMarker => Column == 0 && (IsMarker('-') || IsMarker('.'));

    /// <summary>A line break stands here.</summary>
    public bool IsAtBreak => Characters.IsBreak(Here);

    /// <summary>A space or tab stands here.</summary>
    public bool IsAtBlank => Characters.IsBlank(Here);

    /// <summary>The character some places ahead.</summary>
    public int Ahead(int distance) => At + distance < text.Length ? text[At + distance] : End;

    /// <summary>Whether three of these stand here, and behind them white space or the end.</summary>
    public bool IsMarker(char of) => Here == of && Ahead(1) == of && Ahead(2) == of && Characters.IsBlankBreakOrEnd(Ahead(3));

    /// <summary>Goes one character on.</summary>
    public char Take()
    {
        char here = At < text.Length ? text[At++] : '\u0004';
        int size = here < 0x80 ? 1 : here < 0x800 || char.IsSurrogate(here) ? 2 : 3;
        Bytes += size;
        Column += size;
        if (here == lineEnd)
        {
            Column = 0;
            Line++;
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

    /// <summary>Goes behind the line break that stands here.</summary>
    public void SkipBreak() => Skip(Here == '\r' && Ahead(1) == '\n' ? 2 : 1);

    /// <summary>Goes behind spaces and tabs.</summary>
    public void SkipBlanks()
    {
        while (IsAtBlank)
        {
            Take();
        }
    }

    /// <summary>Goes to the end of the line.</summary>
    public void SkipLine()
    {
        while (!IsAtEnd && !IsAtBreak)
        {
            Take();
        }
    }

    /// <summary>The end of a text counts as the beginning of a line.</summary>
    public void ResetColumn() => Column = 0;

    private static char FirstLineEnd(string text)
    {
        int at = text.AsSpan().IndexOfAny('\r', '\n');
        return at < 0 || text.AsSpan(at).StartsWith("\r\n") ? '\n' : text[at];
    }
}
