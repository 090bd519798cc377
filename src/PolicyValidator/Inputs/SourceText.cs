namespace PolicyValidator.Inputs;

/// <summary>A text under its name, and where its lines begin.</summary>
public sealed class SourceText
{
    private readonly int[] lineStarts;
    private int[]? pairs;

    /// <summary>Takes the whole text of a file.</summary>
    /// <param name="name">What messages call it: a path, or <c>-</c> for standard input.</param>
    /// <param name="text">The text as it was read, line ends included, without a byte order mark.</param>
    public SourceText(string name, string text)
    {
        Name = name;
        Text = text;
        lineStarts = FindLineStarts(text);
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>How many lines the text has; a last line end begins one more, empty line.</summary>
    public int LineCount => lineStarts.Length;

    /// <summary>The line and column of an offset in UTF-16 units.</summary>
    public SourcePosition PositionAt(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        int line = LineAt(offset);
        return new(line, ColumnAt(line, offset));
    }

    /// <summary>The line of an offset in UTF-16 units, without its column, which in a line of megabytes takes long to count.</summary>
    public int LineAt(int offset)
    {
        int line = Array.BinarySearch(lineStarts, Math.Clamp(offset, 0, Text.Length));
        return line < 0 ? ~line : line + 1;
    }

    /// <summary>The offset in UTF-16 units of a line and column; what lies outside is moved to the nearest place inside.</summary>
    public int OffsetAt(SourcePosition position)
    {
        int line = Math.Clamp(position.Line, 1, LineCount);
        int offset = lineStarts[line - 1], end = offset + Line(line).Length;
        for (int column = 1; column < position.Column && offset < end; column++)
        {
            offset += char.IsHighSurrogate(Text[offset]) && offset + 1 < end ? 2 : 1;
        }

        return offset;
    }

    /// <summary>The offset at which a line begins.</summary>
    /// <param name="line">From 1.</param>
    public int LineStart(int line) => lineStarts[line - 1];

    /// <summary>The text of a line without its end.</summary>
    /// <param name="line">From 1.</param>
    public ReadOnlySpan<char> Line(int line)
    {
        int end = line == LineCount ? Text.Length : lineStarts[line];
        return Text.AsSpan(lineStarts[line - 1]..end).TrimEnd("\r\n");
    }

    /// <summary>The text of a span.</summary>
    public string TextOf(SourceSpan span) => Text[span.Start..span.End];

    private static int[] FindLineStarts(string text)
    {
        List<int> starts = [0];
        for (int at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            starts.Add(at + 1);
        }

        return [.. starts];
    }

    /// <summary>Looked up in the places of surrogate pairs: a file may be one line of megabytes with a finding at every word.</summary>
    private int ColumnAt(int line, int offset)
    {
        int start = LineStart(line);
        pairs ??= FindPairs(Text);
        return offset - start - (PairsUpTo(offset - 1) - PairsUpTo(start)) + 1;
    }

    /// <summary>How many pairs have their second half at a place or before.</summary>
    private int PairsUpTo(int place)
    {
        int found = Array.BinarySearch(pairs!, place);
        return found < 0 ? ~found : found + 1;
    }

    /// <summary>The second halves of all surrogate pairs.</summary>
    private static int[] FindPairs(string text)
    {
        List<int> pairs = [];
        for (int at = text.AsSpan().IndexOfAnyInRange('\udc00', '\udfff'); at >= 0 && at < text.Length; at++)
        {
            if (at > 0 && char.IsSurrogatePair(text[at - 1], text[at]))
            {
                pairs.Add(at);
            }
        }

        return [.. pairs];
    }
}

/// <summary>A place in a text: line and column from 1, columns in Unicode code points.</summary>
public readonly record struct SourcePosition(int Line, int Column);

/// <summary>A stretch of a text in UTF-16 units, the end not included.</summary>
public readonly record struct SourceSpan(int Start, int End)
{
    /// <summary>How many UTF-16 units it covers; 0 for a place between two characters.</summary>
    public int Length => End - Start;
}
