using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>What edits ask of a text beyond offsets: where a line ends and with what, and which alias is a value's own.</summary>
internal static class TextPlaces
{
    extension(SourceText source)
    {
        /// <summary>The offset behind the last character of the line around an offset, before its line end.</summary>
        public int EndOfLine(int offset)
        {
            int line = source.PositionAt(offset).Line;
            return source.LineStart(line) + source.Line(line).Length;
        }

        /// <summary>The line end that a line has; the first of the text for the last line; a line feed in a text of one line.</summary>
        public string LineEndAt(int line)
        {
            int end = source.LineStart(line) + source.Line(line).Length;
            int feed = source.Text.IndexOf('\n', end);
            feed = feed >= 0 ? feed : source.Text.IndexOf('\n', StringComparison.Ordinal);
            return feed > 0 && source.Text[feed - 1] == '\r' ? "\r\n" : "\n";
        }
    }

    extension(Node node)
    {
        /// <summary>The alias that stands in this very place; null for what is written here, or lies inside an aliased mapping or sequence.</summary>
        public SourceSpan? OwnAlias => node.AliasSpan is { } alias && node.Parent?.AliasSpan != alias ? alias : null;
    }
}
