using PolicyValidator.Inputs;

namespace PolicyValidator.Readers;

/// <summary>A message that says its own type: <c>"@type": type.googleapis.com/…ExternalProcessor</c>.</summary>
internal sealed class TypedMessageReader : IInputReader
{
    public string Kind => "any Envoy message with its @type";

    public bool Reads(Node root) => root is MappingNode mapping && mapping["@type"] is ScalarNode;

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        ConfigWalker walker = new(document, builder, isDynamic: false);
        walker.AnyAlone(document.Root!);
    }
}
