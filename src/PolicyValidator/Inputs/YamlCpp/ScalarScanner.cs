using System.Text;

namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>How the lines of a scalar become one text.</summary>
internal enum Folding
{
    None,
    Block,
    Flow,
}

/// <summary>What a scalar's last line breaks become.</summary>
internal enum Chomping
{
    Clip,
    Strip,
    Keep,
}

/// <summary>A kind of scalar, and where one of it ends.</summary>
internal sealed record ScalarForm(Folding Folding)
{
    /// <summary>What ends it, besides indentation.</summary>
    public required Func<Cursor, bool> Ends { get; init; }

    /// <summary>The quote around it; null without one.</summary>
    public char? Quote { get; init; }

    /// <summary>The least column of its lines but the first, from 0.</summary>
    public int Indent { get; init; }

    /// <summary>Whether its first line says the indentation.</summary>
    public bool DetectsIndent { get; init; }

    /// <summary>What its last line breaks become.</summary>
    public Chomping Chomping { get; init; }

    /// <summary>Whether it is without quotes and no block.</summary>
    public bool IsPlain => Folding == Folding.Flow && Quote is null;
}

/// <summary>Reads a scalar of any kind, line by line.</summary>
internal sealed class ScalarScanner(Cursor at, ScalarForm form)
{
    private readonly StringBuilder scalar = new();

    /// <summary>Without quotes yaml-cpp has no escape, and stores that as NUL: which then is one.</summary>
    private char Escape => form.Quote switch { '"' => '\\', '\'' => '\'', _ => '\0' };

    private readonly int start = at.At;
    private int indent = form.Indent;
    private bool foundText, emptyLine, moreIndented, foldedFromMoreIndented;
    private bool pastOpeningBreak = form.Folding == Folding.Flow;
    private int foldedBreaks;
    private int lastEscape = -1;

    /// <summary>Whether it ended because a line is less indented.</summary>
    public bool EndedByIndent { get; private set; }

    /// <summary>Where its last character stands that is no white space, and one more.</summary>
    public int EndOfText { get; private set; } = at.At;

    /// <summary>Reads to its end.</summary>
    public string Scan()
    {
        while (!at.IsAtEnd)
        {
            (int textLength, bool escapedBreak) = Line();
            if (IsOver())
            {
                break;
            }

            scalar.Length = form.Folding == Folding.Flow ? textLength : scalar.Length;
            at.SkipBreak();
            Indentation();
            Join(escapedBreak);
            if (!emptyLine && at.Column < indent)
            {
                EndedByIndent = true;
                break;
            }
        }

        return Finished();
    }

    /// <summary>The rest of this line; how much of the text ends in no white space, and whether a backslash ended the line.</summary>
    private (int TextLength, bool EscapedBreak) Line()
    {
        int textLength = scalar.Length;
        while (!form.Ends(at) && !at.IsAtBreak && !at.IsAtEnd && !IsStoppedByMarker())
        {
            foundText = pastOpeningBreak = true;
            if (form.Quote == '"' && at.Here == '\\' && Characters.IsBreak(at.Ahead(1)))
            {
                at.Take();
                textLength = lastEscape = scalar.Length;
                return (textLength, true);
            }

            if (at.Here == Escape)
            {
                scalar.Append(Escapes.Read(at));
                textLength = lastEscape = scalar.Length;
                continue;
            }

            char taken = at.Take();
            scalar.Append(taken);
            if (taken is not (' ' or '\t'))
            {
                (textLength, EndOfText) = (scalar.Length, at.At);
            }
        }

        return (textLength, false);
    }

    private bool IsStoppedByMarker()
    {
        if (!at.IsAtMarker)
        {
            return false;
        }

        return form.Quote is null
            ? form.IsPlain
            : throw Refusal.At(at.At, at.At + 3, "a document marker at the beginning of a line in a quoted string", "indent the line, or close the string before it");
    }

    private bool IsOver()
    {
        if (at.IsAtEnd)
        {
            return form.Quote is null ? true : throw Refusal.At(start - 1, at.At, "a quoted string that does not end", $"close it with {form.Quote}");
        }

        if (form.IsPlain && at.IsAtMarker)
        {
            return true;
        }

        bool ends = form.Ends(at);
        at.Skip(ends && form.Quote is not null ? 1 : 0);
        return ends;
    }

    private void Indentation()
    {
        while (at.Here == ' ' && (at.Column < indent || (form.DetectsIndent && !foundText)) && !form.Ends(at))
        {
            at.Take();
        }

        indent = form.DetectsIndent && !foundText ? Math.Max(indent, at.Column) : indent;
        while (at.IsAtBlank)
        {
            if (at.Here == '\t' && at.Column < indent && form.Quote is null)
            {
                throw Refusal.At(at.At, at.At + 1, "a tab where the indentation of the value above goes on", "use spaces, or leave the line empty");
            }

            if (form.Folding != Folding.Flow || form.Ends(at))
            {
                break;
            }

            at.Take();
        }
    }

    private void Join(bool escapedBreak)
    {
        bool nextEmpty = at.IsAtBreak, nextMoreIndented = at.IsAtBlank;
        if (form.Folding == Folding.Block && foldedBreaks == 0 && nextEmpty)
        {
            foldedFromMoreIndented = moreIndented;
        }

        if (pastOpeningBreak)
        {
            switch (form.Folding)
            {
                case Folding.None:
                    scalar.Append('\n');
                    break;
                case Folding.Block:
                    JoinFolded(nextEmpty, nextMoreIndented);
                    break;
                default:
                    scalar.Append(nextEmpty ? "\n" : !emptyLine && !escapedBreak ? " " : "");
                    break;
            }
        }

        (emptyLine, moreIndented, pastOpeningBreak) = (nextEmpty, nextMoreIndented, true);
    }

    private void JoinFolded(bool nextEmpty, bool nextMoreIndented)
    {
        if (!emptyLine && !nextEmpty && !moreIndented && !nextMoreIndented && at.Column >= indent)
        {
            scalar.Append(' ');
        }
        else if (nextEmpty)
        {
            foldedBreaks++;
        }
        else
        {
            scalar.Append('\n');
        }

        if (!nextEmpty && foldedBreaks > 0)
        {
            scalar.Append('\n', foldedBreaks - 1 + (foldedFromMoreIndented || nextMoreIndented || !foundText ? 1 : 0));
            foldedBreaks = 0;
        }
    }

    private string Finished()
    {
        if (form.IsPlain)
        {
            Cut(" \t", 0);
        }

        if (form.Chomping != Chomping.Keep)
        {
            Cut("\n", form.Chomping == Chomping.Clip ? 1 : 0);
        }

        return scalar.ToString();
    }

    /// <summary>Cuts what ends in some characters, but for the first of them; what was escaped stays.</summary>
    private void Cut(string characters, int kept)
    {
        int last = scalar.Length - 1;
        while (last >= 0 && characters.Contains(scalar[last], StringComparison.Ordinal))
        {
            last--;
        }

        last = Math.Max(last, lastEscape);
        scalar.Length = last < 0 ? 0 : Math.Min(scalar.Length, last + 1 + kept);
    }
}
