using System.Buffers;
using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>What edits ask of a text beyond offsets: where a line ends and with what, and what is really written behind a key.</summary>
internal static class TextPlaces
{
    private static readonly SearchValues<char> BehindAlias = SearchValues.Create(" \t\r\n,[]{}");

    extension(SourceText source)
    {
        /// <summary>The offset behind the last character of the line around an offset, before its line end.</summary>
        public int EndOfLine(int offset)
        {
            int line = source.PositionAt(offset).Line;
            return source.LineStart(line) + source.Line(line).Length;
        }

        /// <summary>The line end that a line has; for the last line that of the line before; a line feed in a text of one line.</summary>
        public string LineEndAt(int line)
        {
            int feed = source.LineStart(Math.Min(line + 1, source.LineCount)) - 1;
            return feed > 0 && source.Text[feed - 1] == '\r' ? "\r\n" : "\n";
        }

        /// <summary>
        /// The alias written behind a key, asterisk included; null when the value itself is. The text decides: nodes below an alias
        /// know only the outermost one.
        /// </summary>
        public SourceSpan? AliasBehind(MappingEntry entry)
        {
            ReadOnlySpan<char> text = source.Text;
            int start = entry.Key.Span.End;
            while (start < text.Length && (char.IsWhiteSpace(text[start]) || text[start] == ':'))
            {
                start++;
            }

            if (start == text.Length || text[start] != '*')
            {
                return null;
            }

            int length = text[start..].IndexOfAny(BehindAlias);
            return new(start, length < 0 ? text.Length : start + length);
        }

        /// <summary>What is written behind a key: the alias, or the value's own text.</summary>
        public SourceSpan WrittenValue(MappingEntry entry) => source.AliasBehind(entry) ?? entry.Value.Span;
    }
}
