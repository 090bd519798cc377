using PolicyValidator.Inputs.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlStyle = YamlDotNet.Core.ScalarStyle;

namespace PolicyValidator.Inputs;

/// <summary>Reads the documents of a YAML text into nodes with spans; aliases become copies of their anchors.</summary>
internal sealed class YamlDocuments
{
    private readonly SourceText source;
    private readonly Parser parser;
    private readonly CancellationToken cancellation;
    private readonly Anchors anchors = new((start, end, message, help) => new(new(new(start, end), message, help)));
    private int depth;
    private int flowDepth;
    private int nodes;

    private YamlDocuments(SourceText source, CancellationToken cancellation) =>
        (this.source, parser, this.cancellation) = (source, new Parser(new StringReader(source.Text)), cancellation);

    /// <summary>Reads all documents; the one that does not parse is the last.</summary>
    public static IReadOnlyList<SourceDocument> Read(SourceText source, CancellationToken cancellation = default)
    {
        List<SourceDocument> documents = [];
        YamlDocuments reader = new(source, cancellation);
        try
        {
            reader.parser.Consume<StreamStart>();
            while (reader.parser.Accept<DocumentStart>(out _))
            {
                documents.Add(new(source, SourceFormat.Yaml, documents.Count, reader.Document(), []));
            }
        }
        catch (YamlException broken)
        {
            documents.Add(new(source, SourceFormat.Yaml, documents.Count, null, [reader.Explain(broken)]));
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // The parser's own way to stumble over some broken plain scalars in brackets, and over tags of nothing.
            documents.Add(new(source, SourceFormat.Yaml, documents.Count, null, [reader.Stumbled()]));
        }
        catch (SyntaxException broken)
        {
            documents.Add(new(source, SourceFormat.Yaml, documents.Count, null, [broken.Problem]));
        }

        return documents;
    }

    private Node? Document()
    {
        parser.Consume<DocumentStart>();
        anchors.Clear();
        Node root = Value(null);
        parser.Consume<DocumentEnd>();
        return root is ScalarNode { Span.Length: 0, Style: ScalarStyle.Plain } ? null : root;
    }

    private bool IsBlockScalar(Scalar scalar)
    {
        int at = NodeProperties.Behind(source.Text, IndexOf(scalar.Start), IndexOf(scalar.End));
        return at < source.Text.Length && source.Text[at] is '|' or '>';
    }

    /// <param name="key">The key before it, which says where an absent value would stand.</param>
    private Node Value(ScalarNode? key)
    {
        cancellation.ThrowIfCancellationRequested();
        if (++nodes > InputLimits.MaxNodes)
        {
            throw Broken(parser.Current!, $"more than {InputLimits.MaxNodes} values", "split the file");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.Copy(alias.Value.Value, SpanOf(alias, alias));
        }

        NodeEvent start = parser.Consume<NodeEvent>();
        Anchors.Anchored? anchored = anchors.Begin(AnchorOf(start));
        Node node = start switch
        {
            MappingStart mapping => Mapping(mapping),
            SequenceStart sequence => Sequence(sequence),
            Scalar block when flowDepth > 0 && IsBlockScalar(block) =>
                throw Broken(block, "a block scalar in brackets", "put the text in quotes"),
            Scalar scalar => Leaf(scalar, key),
            _ => throw Broken(start, "an unknown piece of YAML", "write plain YAML"),
        };
        anchored?.Value = node;
        return node;
    }

    private MappingNode Mapping(MappingStart start)
    {
        bool isFlow = start.Style == MappingStyle.Flow;
        Descend(start, isFlow);
        List<MappingEntry> entries = [];
        while (!parser.Accept<MappingEnd>(out _))
        {
            ParsingEvent at = parser.Current!;
            ScalarNode key = Value(null) as ScalarNode ?? throw Broken(at, "a key that is a list or a mapping", "write the key as a plain word or in quotes");
            entries.Add(new(key, Value(key)));
        }

        MappingEnd end = parser.Consume<MappingEnd>();
        Ascend(isFlow);
        SourceSpan span = isFlow || entries.Count == 0 ? SpanBehindProperties(start, end) : new(entries[0].Key.Span.Start, entries[^1].End);
        return NodeTree.Adopt(new MappingNode(span, entries, isFlow) { Tag = TagOf(start.Tag), Anchor = AnchorOf(start) });
    }

    private SequenceNode Sequence(SequenceStart start)
    {
        bool isFlow = start.Style == SequenceStyle.Flow;
        Descend(start, isFlow);
        List<Node> items = [];
        while (!parser.Accept<SequenceEnd>(out _))
        {
            items.Add(Value(null));
        }

        SequenceEnd end = parser.Consume<SequenceEnd>();
        Ascend(isFlow);
        SourceSpan span = isFlow || items.Count == 0
            ? SpanBehindProperties(start, end)
            : SpanBehindProperties(start, Math.Max(IndexOf(start.Start), items[^1].UseSpan.End));
        return NodeTree.Adopt(new SequenceNode(span, items, isFlow) { Tag = TagOf(start.Tag), Anchor = AnchorOf(start) });
    }

    private ScalarNode Leaf(Scalar scalar, ScalarNode? key)
    {
        int end = IndexOf(scalar.End), start = NodeProperties.Behind(source.Text, IndexOf(scalar.Start), end);
        bool isAbsent = scalar.Style is YamlStyle.Plain or YamlStyle.Any && IndexOf(scalar.Start) == end;
        if (isAbsent && key is not null)
        {
            int colon = source.Text.IndexOf(':', key.UseSpan.End);
            start = end = colon < 0 ? start : colon + 1;
        }

        while (end > start && char.IsWhiteSpace(source.Text[end - 1]))
        {
            end--;
        }

        return new(new(start, end), scalar.Value, StyleOf(scalar.Style)) { Tag = TagOf(scalar.Tag), Anchor = AnchorOf(scalar) };
    }

    private void Descend(NodeEvent at, bool isFlow)
    {
        flowDepth += isFlow ? 1 : 0;
        if (++depth > InputLimits.MaxDepth)
        {
            throw Broken(at, $"nested deeper than {InputLimits.MaxDepth} levels", "make it flatter: Envoy's reader stops here too");
        }
    }

    private void Ascend(bool isFlow)
    {
        depth--;
        flowDepth -= isFlow ? 1 : 0;
    }

    private SourceSpan SpanBehindProperties(NodeEvent start, ParsingEvent end) => SpanBehindProperties(start, BehindBracket(SpanOf(start, end).End));

    /// <summary>The parser ends a value in brackets before the closing one.</summary>
    private int BehindBracket(int end) => end < source.Text.Length && source.Text[end] is '}' or ']' ? end + 1 : end;

    private SourceSpan SpanBehindProperties(NodeEvent start, int end) => new(NodeProperties.Behind(source.Text, IndexOf(start.Start), end), end);

    private SourceSpan SpanOf(ParsingEvent start, ParsingEvent end) => new(IndexOf(start.Start), Math.Max(IndexOf(start.Start), IndexOf(end.End)));

    private int IndexOf(Mark mark) => (int)Math.Min(mark.Index, source.Text.Length);

    private static string? TagOf(TagName tag) => tag.IsEmpty ? null : tag.Value;

    private static string? AnchorOf(NodeEvent node) => node.Anchor.IsEmpty ? null : node.Anchor.Value;

    private static ScalarStyle StyleOf(YamlStyle style) => style switch
    {
        YamlStyle.SingleQuoted => ScalarStyle.SingleQuoted,
        YamlStyle.DoubleQuoted => ScalarStyle.DoubleQuoted,
        YamlStyle.Literal => ScalarStyle.Literal,
        YamlStyle.Folded => ScalarStyle.Folded,
        _ => ScalarStyle.Plain,
    };

    private SyntaxException Broken(ParsingEvent at, string message, string help) => new(new(SpanOf(at, at), message, help));

    private SyntaxProblem Stumbled()
    {
        int at = parser.Current is { } last ? IndexOf(last.End) : 0;
        return new(new(at, at), "not YAML: no value can be read here", "check quotes, commas and brackets from here on");
    }

    private SyntaxProblem Explain(YamlException broken)
    {
        int start = IndexOf(broken.Start), end = Math.Max(start, IndexOf(broken.End));
        string reason = broken.Message.TrimEnd('.');
        return new(new(start, end), $"not YAML: {char.ToLowerInvariant(reason[0])}{reason[1..]}", "check indent, quotes and brackets here and on the line above");
    }
}
