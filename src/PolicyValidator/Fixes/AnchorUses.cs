using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>Finds the aliases of an anchor.</summary>
internal static class AnchorUses
{
    /// <summary>The first alias of an anchor behind its value; null when nothing else uses it.</summary>
    public static SourceSpan? NextAlias(SourceDocument document, ScalarNode anchored, string anchor) =>
        Nodes(document.Root)
            .Where(node => node.AliasSpan is { } alias
                && alias.Start > anchored.Span.Start
                && node.Span == anchored.Span
                && document.Source.TextOf(alias) == "*" + anchor)
            .Select(node => node.AliasSpan)
            .OrderBy(alias => alias!.Value.Start)
            .FirstOrDefault();

    private static IEnumerable<Node> Nodes(Node? root)
    {
        Stack<Node> waiting = new();
        for (Node? node = root; node is not null; node = waiting.TryPop(out Node? next) ? next : null)
        {
            yield return node;
            foreach (Node child in node switch
            {
                MappingNode mapping => mapping.Entries.Select(entry => entry.Value),
                SequenceNode sequence => sequence.Items,
                _ => [],
            })
            {
                waiting.Push(child);
            }
        }
    }
}
