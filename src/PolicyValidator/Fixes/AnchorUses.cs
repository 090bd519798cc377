using System.Runtime.CompilerServices;
using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>Finds the aliases of an anchor.</summary>
internal static class AnchorUses
{
    /// <summary>The aliases of a document by the values that they repeat, for as long as the document is there: many findings may ask.</summary>
    private static readonly ConditionalWeakTable<Node, ILookup<SourceSpan, SourceSpan>> Aliases = [];

    /// <summary>The first alias of an anchor behind its value; null when nothing else uses it.</summary>
    public static SourceSpan? NextAlias(SourceDocument document, ScalarNode anchored, string anchor) =>
        (document.Root is { } root ? Aliases.GetValue(root, AliasesIn)[anchored.Span] : [])
            .Where(alias => alias.Start > anchored.Span.Start && document.Source.TextOf(alias) == "*" + anchor)
            .Select(alias => (SourceSpan?)alias)
            .FirstOrDefault();

    private static ILookup<SourceSpan, SourceSpan> AliasesIn(Node root) => NodeTree.All(root)
        .Where(node => node.AliasSpan is not null)
        .OrderBy(node => node.AliasSpan!.Value.Start)
        .ToLookup(node => node.Span, node => node.AliasSpan!.Value);
}
