using System.Text;
using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>The white space within a scalar of one or more lines, until it is known to be within.</summary>
internal sealed class Gap
{
    private readonly StringBuilder blanks = new();
    private readonly StringBuilder breaks = new();
    private string first = "";

    /// <summary>Whether a line has ended.</summary>
    public bool HasBreak { get; private set; }

    /// <summary>A line ended by a backslash joins without a blank.</summary>
    public void SkipBreak(Cursor at)
    {
        at.TakeBreak();
        HasBreak = true;
    }

    /// <summary>Takes the white space that stands here.</summary>
    /// <param name="at">The place.</param>
    /// <param name="blank">Asked before each blank behind a line break.</param>
    public void Take(Cursor at, Action<Cursor>? blank)
    {
        while (at.IsAtBlank || at.IsAtBreak)
        {
            if (at.IsAtBreak)
            {
                (first, HasBreak) = HasBreak ? (first, Append(breaks, at.TakeBreak())) : (at.TakeBreak(), true);
            }
            else if (HasBreak)
            {
                blank?.Invoke(at);
                at.Take();
            }
            else
            {
                blanks.Append(at.Take());
            }
        }
    }

    /// <summary>Adds it to a value: a line break becomes a blank, further ones stay.</summary>
    public void Close(StringBuilder value)
    {
        if (!HasBreak)
        {
            value.Append(blanks);
        }
        else
        {
            value.Append(first == "\n" && breaks.Length == 0 ? " " : first == "\n" ? "" : first).Append(breaks);
        }

        blanks.Clear();
        breaks.Clear();
        (first, HasBreak) = ("", false);
    }

    private static bool Append(StringBuilder breaks, string taken)
    {
        breaks.Append(taken);
        return true;
    }
}

/// <summary>Reads a scalar without quotes.</summary>
internal sealed class PlainScanner(Cursor at, int indent, bool isInFlow)
{
    /// <summary>Whether it ended in a line break, so that a key may follow.</summary>
    public bool EndedByLine { get; private set; }

    /// <summary>Reads to its end.</summary>
    public Token Scan()
    {
        StringBuilder value = new();
        Gap gap = new();
        int start = at.At, end = start;
        while (!at.IsAtMarker && at.Here != '#')
        {
            for (; !at.IsAtBlankBreakOrEnd && !EndsHere(); end = at.At)
            {
                gap.Close(value);
                value.Append(at.Take());
            }

            if (!at.IsAtBlank && !at.IsAtBreak)
            {
                break;
            }

            gap.Take(at, RefuseTab);
            if (!isInFlow && at.Column < indent + 1)
            {
                break;
            }
        }

        EndedByLine = gap.HasBreak;
        return new(TokenKind.PlainScalar, start) { End = end, Value = value.ToString(), Style = ScalarStyle.Plain };
    }

    private bool EndsHere() =>
        (at.Here == ':' && Cursor.IsBlankBreakOrEnd(at.Ahead(1))) || (isInFlow && at.Here is ',' or '?' or '[' or ']' or '{' or '}');

    private void RefuseTab(Cursor at)
    {
        if (at.Here == '\t' && at.Column < indent + 1)
        {
            throw Refusal.At(at.At, at.At + 1, "a tab where the indentation of the value above goes on", "use spaces, or leave the line empty");
        }
    }
}
