namespace PolicyValidator.Inputs.Yaml;

/// <summary>What stands before a value, with which its node is made.</summary>
/// <param name="Tag">The tag in full; null for none.</param>
/// <param name="Anchor">The anchor without its ampersand; null for none.</param>
internal sealed record Properties(string? Tag, string? Anchor)
{
    /// <summary>Neither tag nor anchor.</summary>
    public static Properties None { get; } = new(null, null);

    /// <summary>A mapping that is the parent of its entries.</summary>
    public MappingNode Mapping(SourceSpan span, IReadOnlyList<MappingEntry> entries, bool isFlow) =>
        NodeTree.Adopt(new MappingNode(span, entries, isFlow) { Tag = Tag, Anchor = Anchor });

    /// <summary>A mapping without braces, which reaches from its first key to the end of its last entry.</summary>
    /// <param name="entries">Its entries.</param>
    /// <param name="absent">Where it stands if it has none.</param>
    public MappingNode BlockMapping(IReadOnlyList<MappingEntry> entries, int absent) =>
        Mapping(entries is [var first, ..] ? new(first.Key.Span.Start, entries[^1].End) : new(absent, absent), entries, isFlow: false);

    /// <summary>A sequence that is the parent of its items.</summary>
    public SequenceNode Sequence(SourceSpan span, IReadOnlyList<Node> items, bool isFlow) =>
        NodeTree.Adopt(new SequenceNode(span, items, isFlow) { Tag = Tag, Anchor = Anchor });

    /// <summary>A sequence without brackets, which reaches from its first dash to the end of its last item.</summary>
    public SequenceNode BlockSequence(int start, IReadOnlyList<Node> items) =>
        Sequence(new(start, items.Count == 0 ? start : Math.Max(start, items[^1].UseSpan.End)), items, isFlow: false);

    /// <summary>A scalar.</summary>
    /// <param name="span">Where it stands.</param>
    /// <param name="value">Its text.</param>
    /// <param name="style">How it is written.</param>
    /// <param name="isOfKubernetes">Whether YAML 1.1 says what it is, see <see cref="ScalarNode.IsOfKubernetes"/>.</param>
    public ScalarNode Scalar(SourceSpan span, string value, ScalarStyle style, bool isOfKubernetes = false) =>
        new(span, value, style) { Tag = Tag, Anchor = Anchor, IsOfKubernetes = isOfKubernetes };
}
