using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>
/// Puts a new field right behind one that is there, in its style: snake_case or camelCase, quotes, indent, line ends, one line or
/// many. What stands around it, comments included, stays as it was.
/// </summary>
internal static class FieldInsertion
{
    /// <summary>The edits that insert <paramref name="field"/> behind <paramref name="sibling"/>.</summary>
    /// <param name="source">The text that both stand in.</param>
    /// <param name="mapping">The mapping around the sibling.</param>
    /// <param name="sibling">The entry that is there.</param>
    /// <param name="field">The field's snake_case name.</param>
    /// <param name="value">A word, written in quotes where the format or the sibling has them.</param>
    public static IReadOnlyList<TextEdit> After(SourceText source, MappingNode mapping, MappingEntry sibling, string field, string value)
    {
        string key = FieldStyle.Like(sibling.Key.Value, field);
        string text = FieldStyle.QuotedLike(source, sibling.Key, key)
            + FieldStyle.Colon(source, sibling)
            + FieldStyle.QuotedLike(source, sibling.Value as ScalarNode, value, mapping.IsFlow && source.Text[sibling.Key.Span.Start] == '"');
        return mapping.IsFlow ? InFlow(source, sibling, text) : [InBlock(source, sibling, text)];
    }

    private static TextEdit InBlock(SourceText source, MappingEntry sibling, string text)
    {
        int line = source.PositionAt(sibling.Key.Span.Start).Line;
        string indent = BlankOf(source, line, sibling.Key.Span.Start);
        if (!EndsOnOneLine(source, sibling, out int end))
        {
            // A value of several lines has no safe end to write behind; in front of the key there is always one.
            return Insert(sibling.Key.Span.Start, text + source.LineEndAt(line) + indent);
        }

        return Insert(source.EndOfLine(end), source.LineEndAt(source.PositionAt(end).Line) + indent + text);
    }

    private static IReadOnlyList<TextEdit> InFlow(SourceText source, MappingEntry sibling, string text)
    {
        int keyStart = sibling.Key.Span.Start, valueEnd = source.WrittenValue(sibling).End;
        int line = source.PositionAt(keyStart).Line;
        int endOfLine = source.EndOfLine(valueEnd);
        ReadOnlySpan<char> rest = source.Text.AsSpan(valueEnd..endOfLine).TrimStart(" \t");
        bool firstOnLine = source.Text.AsSpan(source.LineStart(line)..keyStart).IsWhiteSpace();
        if (!firstOnLine || !IsBlankOrComment(rest.TrimStart(',')))
        {
            return [Insert(valueEnd, (FieldStyle.IsTight(source, sibling) ? "," : ", ") + text)];
        }

        string onNewLine = source.LineEndAt(line) + BlankOf(source, line, keyStart) + text;
        return rest switch
        {
            [',', ..] => [Insert(endOfLine, onNewLine + ",")],
            [] => [Insert(valueEnd, "," + onNewLine)],
            _ => [Insert(valueEnd, ","), Insert(endOfLine, onNewLine)],
        };
    }

    private static bool EndsOnOneLine(SourceText source, MappingEntry sibling, out int end)
    {
        end = source.WrittenValue(sibling).End;
        bool block = source.AliasBehind(sibling) is null
            && sibling.Value is ScalarNode { Style: ScalarStyle.Literal or ScalarStyle.Folded } or MappingNode { IsFlow: false } or SequenceNode { IsFlow: false };
        return !block && IsBlankOrComment(source.Text.AsSpan(end..source.EndOfLine(end)).TrimStart(" \t"));
    }

    private static bool IsBlankOrComment(ReadOnlySpan<char> rest) => rest.TrimStart(" \t") is [] or ['#', ..];

    /// <summary>As many blanks as stand, or dashes and blanks, before the key on its line.</summary>
    private static string BlankOf(SourceText source, int line, int keyStart)
    {
        ReadOnlySpan<char> before = source.Text.AsSpan(source.LineStart(line)..keyStart);
        return string.Create(before.Length, before, static (blank, from) =>
        {
            for (int at = 0; at < from.Length; at++)
            {
                blank[at] = from[at] == '\t' ? '\t' : ' ';
            }
        });
    }

    private static TextEdit Insert(int offset, string text) => new(new(offset, offset), text);
}
