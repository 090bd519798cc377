using System.Text.RegularExpressions;

namespace PolicyValidator.Inputs;

/// <summary>Finds the comments of a YAML text that speak to this program. JSON has no comments.</summary>
internal sealed partial class SuppressionComments
{
    private const string Marker = "policy-validator:";

    private readonly SourceText source;
    private readonly List<SourceSpan> strings = [];
    private int targetLine;

    private SuppressionComments(SourceText source, IReadOnlyList<SourceDocument> documents)
    {
        this.source = source;
        foreach (SourceDocument document in documents)
        {
            CollectStrings(document.Root);
        }

        strings.Sort((one, other) => one.Start.CompareTo(other.Start));
    }

    /// <summary>The comments of a text, in order.</summary>
    /// <param name="source">The text.</param>
    /// <param name="documents">Its documents, which tell comments from strings.</param>
    public static IEnumerable<SuppressionComment> Of(SourceText source, IReadOnlyList<SourceDocument> documents)
    {
        if (!source.Text.Contains(Marker, StringComparison.Ordinal) || documents.All(document => document.Format == SourceFormat.Json))
        {
            return []; // most files: no more than one fast search
        }

        SuppressionComments reader = new(source, documents);
        return Form().Matches(source.Text)
            .Where(match => !reader.IsInString(match.Groups["comment"].Index))
            .Select(match => reader.Read(match.Groups["comment"], match.Groups["words"].Value));
    }

    private SuppressionComment Read(Group comment, string words)
    {
        SourceSpan span = new(comment.Index, comment.Index + comment.Value.TrimEnd().Length);
        string[] parts = words.Split("--", 2, StringSplitOptions.TrimEntries);
        string[] command = parts[0].Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
        string verb = command.FirstOrDefault("");
        return new(
            source,
            span,
            verb == "ignore-file" ? SuppressionComment.WholeFile : LineOf(span),
            [.. command.Skip(1)],
            parts.Length > 1 ? parts[1] : "",
            verb is not ("ignore" or "ignore-file") ? $"\"{verb}\" is not a command" : command.Length < 2 ? "it names no rule" : null);
    }

    /// <summary>Its own line behind other text; alone on a line, the next one that has more than a comment.</summary>
    private int LineOf(SourceSpan comment)
    {
        int line = source.PositionAt(comment.Start).Line;
        if (!source.Text.AsSpan(source.LineStart(line)..comment.Start).IsWhiteSpace())
        {
            return line;
        }

        // Comments come in order, so what lies before the last target needs no second look.
        for (int next = Math.Max(line + 1, targetLine); next <= source.LineCount; next++)
        {
            if (source.Line(next).TrimStart() is not ([] or ['#', ..]))
            {
                return targetLine = next;
            }
        }

        targetLine = source.LineCount;
        return line;
    }

    private bool IsInString(int offset)
    {
        int at = strings.BinarySearch(new(offset, 0), Comparer<SourceSpan>.Create((one, other) => one.Start.CompareTo(other.Start)));
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && strings[at].Start < offset && offset < strings[at].End;
    }

    /// <summary>Scalars cannot overlap. A <c>|</c> block is left out: that may be a file with comments of its own.</summary>
    private void CollectStrings(Node? node)
    {
        switch (node)
        {
            case { AliasSpan: not null }:
                break;
            case MappingNode mapping:
                foreach (MappingEntry entry in mapping.Entries)
                {
                    CollectStrings(entry.Key);
                    CollectStrings(entry.Value);
                }

                break;
            case SequenceNode sequence:
                foreach (Node item in sequence.Items)
                {
                    CollectStrings(item);
                }

                break;
            case ScalarNode { Style: not ScalarStyle.Literal, Span: { Length: > 0 } span }:
                strings.Add(span);
                break;
        }
    }

    /// <summary>A second number sign ends the words: people write comments behind comments. What follows on the line is passed over.</summary>
    [GeneratedRegex(@"(?<=^|[ \t])(?<comment>#[ \t]*policy-validator:(?<words>([^#\r\n]|(?<=[^ \t])#)*))[^\r\n]*", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Form();
}
