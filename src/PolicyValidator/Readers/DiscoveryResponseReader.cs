using PolicyValidator.Inputs;

namespace PolicyValidator.Readers;

/// <summary>A file of listeners, routes or extension configs that Envoy watches: dynamic configuration.</summary>
internal sealed class DiscoveryResponseReader : IInputReader
{
    public string Kind => "Envoy DiscoveryResponse (LDS, RDS, ECDS file)";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping.Field("resources") is SequenceNode or MappingNode && mapping["kind"] is null && mapping["apiVersion"] is null;

    public void Read(SourceDocument document, PolicyBuilder builder) =>
        new ConfigWalker(document, builder, isDynamic: true).Root(EnvoyMessages.DiscoveryResponse);
}
