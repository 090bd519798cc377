using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Readers;

/// <summary>
/// Finds what is of ext_proc inside a document of a kind that nobody reads, wherever it stands: messages by their type URLs and shapes,
/// objects inside objects, texts inside values. The innermost shape that is known is read as a document of its own.
/// </summary>
internal sealed class WrappedParts
{
    /// <summary>Keys below which a patch stands: half an object is not to be judged as a whole one.</summary>
    private static readonly string[] PatchKeys = ["patch", "patches", "patchesStrategicMerge", "patchesJson6902"];

    private readonly SourceDocument document;
    private readonly Node root;
    private readonly PolicyBuilder builder;
    private readonly ExtProcTrail trail;

    private WrappedParts(SourceDocument document, Node root, PolicyBuilder builder) =>
        (this.document, this.root, this.builder, trail) = (document, root, builder, ExtProcTrail.In(root));

    /// <summary>Adds the parts of a document to those that are still to be read.</summary>
    /// <param name="document">The document.</param>
    /// <param name="builder">Where the parts go.</param>
    /// <param name="isPatch">Whether the document is a patch.</param>
    public static void Collect(SourceDocument document, PolicyBuilder builder, bool isPatch = false)
    {
        if (document.Root is { } root)
        {
            WrappedParts parts = new(document, root, builder);
            parts.Inside(root, isPatch);
        }
    }

    private void Search(Node node, bool isPatch)
    {
        if (!trail.LeadsThrough(node))
        {
            return;
        }

        switch (node)
        {
            case ScalarNode text:
                new TextParts(document, builder, isPatch).Add(text);
                break;
            case not null when KubernetesObject.Is(node):
                Object((MappingNode)node, isPatch);
                break;
            case not null when EnvoyShape.IsKnown(node):
                builder.AddPart(document with { Root = node, IsPart = document.IsPart || !EnvoyShape.IsBootstrap(node) });
                break;
            default:
                Inside(node!, isPatch);
                break;
        }
    }

    private void Inside(Node node, bool isPatch)
    {
        foreach (MappingEntry entry in (node as MappingNode)?.Entries ?? [])
        {
            Search(entry.Value, isPatch || PatchKeys.Contains(entry.Key.Value));
        }

        foreach (Node item in (node as SequenceNode)?.Items ?? [])
        {
            Search(item, isPatch);
        }
    }

    /// <summary>An object inside another one.</summary>
    private void Object(MappingNode found, bool isPatch)
    {
        if (isPatch)
        {
            Inside(found, isPatch);
        }
        else
        {
            builder.AddPart(document with { Root = found });
        }
    }
}
