using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>Puts a word behind the last item of a list, in the form of that item.</summary>
internal static class ListAppend
{
    /// <summary>The edits; null for a list without items, or one that is written elsewhere.</summary>
    public static IReadOnlyList<TextEdit>? With(SourceText source, SequenceNode list, string word)
    {
        if (list.Items is not [.., ScalarNode { AliasSpan: null } last] || list.AliasSpan is not null)
        {
            return null;
        }

        string written = FieldStyle.QuotedLike(source, last, word);
        if (list.IsFlow)
        {
            return [new(new(last.Span.End, last.Span.End), ", " + written)];
        }

        int line = source.PositionAt(last.Span.Start).Line, end = source.EndOfLine(last.Span.End);
        string before = source.Text[source.LineStart(line)..last.Span.Start];
        return before.Trim() == "-" ? [new(new(end, end), source.LineEndAt(line) + before + written)] : null;
    }
}
