using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>Finds the aliases of an anchor.</summary>
internal static class AnchorUses
{
    /// <summary>The first alias of an anchor behind its value; null when nothing else uses it.</summary>
    public static SourceSpan? NextAlias(SourceDocument document, ScalarNode anchored, string anchor) =>
        (document.Root is { } root ? NodeTree.All(root) : [])
            .Where(node => node.AliasSpan is { } alias
                && alias.Start > anchored.Span.Start
                && node.Span == anchored.Span
                && document.Source.TextOf(alias) == "*" + anchor)
            .Select(node => node.AliasSpan)
            .OrderBy(alias => alias!.Value.Start)
            .FirstOrDefault();
}
