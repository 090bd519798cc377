using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>Writes another word in a scalar's place and keeps its quotes; anchors and their other users keep their value.</summary>
internal static class ScalarReplacement
{
    /// <summary>The edits that make a scalar say <paramref name="word"/>.</summary>
    /// <param name="document">The document that it stands in.</param>
    /// <param name="value">The scalar.</param>
    /// <param name="word">A word that needs no escapes.</param>
    public static IReadOnlyList<TextEdit> With(SourceDocument document, ScalarNode value, string word)
    {
        SourceText source = document.Source;
        if (value.Entry is { } entry && source.AliasBehind(entry) is { } alias)
        {
            return [new(alias, word)];
        }

        string written = FieldStyle.QuotedLike(source, value, word, NeedsQuotes(document, value));
        if (value.Span.Length == 0 && value.Span.Start > 0 && !char.IsWhiteSpace(source.Text[value.Span.Start - 1]))
        {
            written = " " + written;
        }

        return value.Anchor is { } anchor && AnchorUses.NextAlias(document, value, anchor) is { } next
            ? MoveAnchor(source, value, anchor, written, next)
            : [new(value.Span, written)];
    }

    /// <summary>The anchor and the old value go to its next user, so that only this place changes.</summary>
    private static IReadOnlyList<TextEdit> MoveAnchor(SourceText source, ScalarNode value, string anchor, string written, SourceSpan next)
    {
        int start = source.Text.LastIndexOf("&" + anchor, value.Span.Start, StringComparison.Ordinal);
        return
        [
            new(new(start, value.Span.End), written),
            new(next, source.Text[start..value.Span.End]),
        ];
    }

    private static bool NeedsQuotes(SourceDocument document, ScalarNode value) =>
        document.Format == SourceFormat.Json
        || value.Entry is { Key.Span: { } key } && document.Source.Text[key.Start] == '"' && value.Parent is MappingNode { IsFlow: true };
}
