namespace PolicyValidator.Inputs;

/// <summary>Ties nodes to their parents and copies them where an alias stands.</summary>
internal static class NodeTree
{
    /// <summary>Makes a mapping the parent of its keys and values.</summary>
    public static MappingNode Adopt(MappingNode mapping)
    {
        foreach (MappingEntry entry in mapping.Entries)
        {
            (entry.Value.Parent, entry.Value.Entry, entry.Key.Parent) = (mapping, entry, mapping);
        }

        return mapping;
    }

    /// <summary>Makes a sequence the parent of its items.</summary>
    public static SequenceNode Adopt(SequenceNode sequence)
    {
        for (int index = 0; index < sequence.Items.Count; index++)
        {
            (sequence.Items[index].Parent, sequence.Items[index].Index) = (sequence, index);
        }

        return sequence;
    }

    /// <summary>A value and all inside it, in no order. Keys are not among them.</summary>
    public static IEnumerable<Node> All(Node root)
    {
        Stack<Node> waiting = new([root]);
        while (waiting.TryPop(out Node? node))
        {
            yield return node;
            foreach (Node inside in (node as MappingNode)?.Entries.Select(entry => entry.Value) ?? (node as SequenceNode)?.Items ?? [])
            {
                waiting.Push(inside);
            }
        }
    }

    /// <summary>Repeats nodes with other spans.</summary>
    /// <param name="node">What to repeat.</param>
    /// <param name="place">The new span of an old one.</param>
    public static Node Place(Node node, Func<SourceSpan, SourceSpan> place)
    {
        SourceSpan? alias = node.AliasSpan is { } span ? place(span) : null;
        return node switch
        {
            MappingNode mapping => Adopt(new MappingNode(
                place(mapping.Span),
                [.. mapping.Entries.Select(entry => new MappingEntry((ScalarNode)Place(entry.Key, place), Place(entry.Value, place)))],
                mapping.IsFlow) { Tag = mapping.Tag, Anchor = mapping.Anchor, AliasSpan = alias }),
            SequenceNode sequence => Adopt(new SequenceNode(
                place(sequence.Span), [.. sequence.Items.Select(item => Place(item, place))], sequence.IsFlow) { Tag = sequence.Tag, Anchor = sequence.Anchor, AliasSpan = alias }),
            ScalarNode scalar => new ScalarNode(place(scalar.Span), scalar.Value, scalar.Style) { Tag = scalar.Tag, Anchor = scalar.Anchor, AliasSpan = alias, IsOfKubernetes = scalar.IsOfKubernetes },
            _ => throw new ArgumentException($"{node.GetType()} is no kind of node", nameof(node)),
        };
    }

    /// <summary>Repeats an anchor's nodes where an alias stands.</summary>
    /// <param name="node">The anchor's value.</param>
    /// <param name="alias">Where the alias stands.</param>
    /// <param name="count">Called for each node, to end what grows too large.</param>
    public static Node Copy(Node node, SourceSpan alias, Action count)
    {
        count();
        return node switch
        {
            MappingNode mapping => Adopt(new MappingNode(
                mapping.Span,
                [.. mapping.Entries.Select(entry => new MappingEntry((ScalarNode)Copy(entry.Key, alias, count), Copy(entry.Value, alias, count)))],
                mapping.IsFlow) { Tag = mapping.Tag, AliasSpan = alias }),
            SequenceNode sequence => Adopt(new SequenceNode(
                sequence.Span, [.. sequence.Items.Select(item => Copy(item, alias, count))], sequence.IsFlow) { Tag = sequence.Tag, AliasSpan = alias }),
            ScalarNode scalar => new ScalarNode(scalar.Span, scalar.Value, scalar.Style) { Tag = scalar.Tag, AliasSpan = alias, IsOfKubernetes = scalar.IsOfKubernetes },
            _ => throw new ArgumentException($"{node.GetType()} is no kind of node", nameof(node)),
        };
    }
}
