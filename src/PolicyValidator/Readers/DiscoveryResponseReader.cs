using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>A file of listeners, routes or extension configs that Envoy watches: dynamic configuration.</summary>
internal sealed class DiscoveryResponseReader : IInputReader
{
    public string Kind => "Envoy DiscoveryResponse (LDS, RDS, ECDS file)";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping.Field("resources") is { } resources && mapping["kind"] is null && mapping["apiVersion"] is null
        // A kustomization lists paths under the same name.
        && (resources is MappingNode or SequenceNode { Items: [] } || resources.Mappings.Any());

    public void Read(SourceDocument document, PolicyBuilder builder) =>
        new ConfigWalker(document, builder, isDynamic: true).Root(EnvoyMessages.DiscoveryResponse);
}
