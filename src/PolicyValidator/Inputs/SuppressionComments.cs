using System.Text.RegularExpressions;

namespace PolicyValidator.Inputs;

/// <summary>Finds the comments of a YAML text that speak to this program. JSON has no comments.</summary>
internal static partial class SuppressionComments
{
    private const string Marker = "policy-validator:";

    /// <summary>The comments of a text, in order.</summary>
    /// <param name="source">The text.</param>
    /// <param name="documents">Its documents, which tell comments from strings.</param>
    public static IEnumerable<SuppressionComment> Of(SourceText source, IReadOnlyList<SourceDocument> documents)
    {
        if (!source.Text.Contains(Marker, StringComparison.Ordinal) || documents.All(document => document.Format == SourceFormat.Json))
        {
            return []; // most files: no more than one fast search
        }

        return Form().Matches(source.Text)
            .Where(match => !documents.Any(document => IsInString(document.Root, match.Groups["comment"].Index)))
            .Select(match => Read(source, match.Groups["comment"], match.Groups["words"].Value));
    }

    private static SuppressionComment Read(SourceText source, Group comment, string words)
    {
        SourceSpan span = new(comment.Index, comment.Index + comment.Value.TrimEnd().Length);
        string[] parts = words.Split("--", 2, StringSplitOptions.TrimEntries);
        string[] command = parts[0].Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
        string verb = command.FirstOrDefault("");
        int line = source.PositionAt(span.Start).Line;
        return new(
            source,
            span,
            verb == "ignore-file" ? SuppressionComment.WholeFile : IsAlone(source, span, line) ? NextLineWithContent(source, line) : line,
            [.. command.Skip(1)],
            parts.Length > 1 ? parts[1] : "",
            verb is not ("ignore" or "ignore-file") ? $"\"{verb}\" is not a command" : command.Length < 2 ? "it names no rule" : null);
    }

    private static bool IsAlone(SourceText source, SourceSpan comment, int line) =>
        source.Text.AsSpan(source.LineStart(line)..comment.Start).IsWhiteSpace();

    private static int NextLineWithContent(SourceText source, int line)
    {
        for (int next = line + 1; next <= source.LineCount; next++)
        {
            if (source.Line(next).TrimStart() is not ([] or ['#', ..]))
            {
                return next;
            }
        }

        return line;
    }

    /// <summary>Whether a place is inside a string. In a <c>|</c> block it is not: that may be a file with comments of its own.</summary>
    private static bool IsInString(Node? node, int offset) => node switch
    {
        { AliasSpan: not null } => false,
        MappingNode mapping => mapping.Entries.Any(entry => IsInString(entry.Key, offset) || IsInString(entry.Value, offset)),
        SequenceNode sequence => sequence.Items.Any(item => IsInString(item, offset)),
        ScalarNode { Style: not ScalarStyle.Literal } scalar => scalar.Span.Start < offset && offset < scalar.Span.End,
        _ => false,
    };

    /// <summary>A second number sign ends the words: people write comments behind comments.</summary>
    [GeneratedRegex(@"(?<=^|[ \t])(?<comment>#[ \t]*policy-validator:(?<words>([^#\r\n]|(?<=[^ \t])#)*))", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Form();
}
