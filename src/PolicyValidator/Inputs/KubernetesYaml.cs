using PolicyValidator.Inputs.LibYaml;

namespace PolicyValidator.Inputs;

/// <summary>Reads the documents of a YAML text as kubectl does: it cuts the text at the lines with <c>---</c> and has go-yaml read each piece.</summary>
internal static class KubernetesYaml
{
    /// <summary>The first of a file is no part of its text, and kubectl passes over a second.</summary>
    private const char ByteOrderMark = '\ufeff';

    /// <summary>Reads all documents; the one that does not parse is the last.</summary>
    public static IReadOnlyList<SourceDocument> Read(SourceText source, CancellationToken cancellation = default)
    {
        List<SourceDocument> documents = [];
        int nodes = 0;
        try
        {
            foreach ((int start, int end) in Pieces(source))
            {
                Parser parser = new(Piece(source, start, end), nodes, cancellation);
                if (Placed(source, start, parser) is { } document)
                {
                    documents.Add(document with { Index = documents.Count });
                }

                nodes = parser.Nodes;
            }
        }
        catch (SyntaxException broken)
        {
            documents.Add(new(source, SourceFormat.Yaml, documents.Count, null, [broken.Problem]));
        }

        return documents;
    }

    private static string Piece(SourceText source, int start, int end)
    {
        string piece = source.Text[start..end] + (end > start && source.Text[end - 1] == '\n' ? "" : "\n");
        return Control(piece) is { } control
            ? throw Refusal.At(start + control, start + control + 1, $"the character U+{(int)piece[control]:X4}", "remove it, or write it as an escape in double quotes")
            : piece;
    }

    /// <summary>The document of a piece, its places those of the whole text.</summary>
    private static SourceDocument? Placed(SourceText source, int start, Parser parser)
    {
        try
        {
            Node? root = parser.Document();
            if (root is null)
            {
                return null;
            }

            GoDocument.Check(root);
            Node? placed = root is ScalarNode { Span.Length: 0, Style: ScalarStyle.Plain } ? null
                : start == 0 ? root
                : NodeTree.Place(root, span => Placed(source, start, span));
            return new(source, SourceFormat.Yaml, 0, placed, []) { Leftover = parser.Leftover + start };
        }
        catch (SyntaxException broken)
        {
            throw new SyntaxException(broken.Problem with { Span = Placed(source, start, broken.Problem.Span) });
        }
    }

    private static SourceSpan Placed(SourceText source, int start, SourceSpan span) =>
        new(Math.Min(span.Start + start, source.Text.Length), Math.Min(span.End + start, source.Text.Length));

    private static IEnumerable<(int Start, int End)> Pieces(SourceText source)
    {
        int start = source.Text is [ByteOrderMark, ..] ? 1 : 0;
        for (int line = 1; line <= source.LineCount; line++)
        {
            int lineStart = source.LineStart(line);
            bool isCut = source.Line(line).StartsWith("---");
            if (isCut && source.Line(line)[3..].TrimStart() is not ([] or ['#', ..]))
            {
                throw Refusal.At(lineStart, lineStart + source.Line(line).Length, "text behind '---'", "begin the document in the next line");
            }

            if (isCut && lineStart > start)
            {
                yield return (start, lineStart);
                start = line < source.LineCount ? source.LineStart(line + 1) : source.Text.Length;
            }
        }

        yield return (start, source.Text.Length);
    }

    private static int? Control(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            bool isText = text[at] is '\t' or '\n' or '\r' or (>= ' ' and <= '~') or '\u0085' or (>= '\u00a0' and <= '\ufffd') && !IsHalf(text, at);
            if (!isText)
            {
                return at;
            }
        }

        return null;
    }

    private static bool IsHalf(string text, int at) => char.IsSurrogate(text[at])
        && !(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1])) && !(at > 0 && char.IsSurrogatePair(text[at - 1], text[at]));
}
