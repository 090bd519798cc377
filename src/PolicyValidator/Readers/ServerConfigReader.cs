using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>The configuration of our own server, to be held against the filters among the inputs.</summary>
internal sealed class ServerConfigReader : IInputReader
{
    public string Kind => "extproc.yaml, the configuration of the extproc server";

    public bool Reads(Node root) => ServerConfig.Is(root) && !ExtProcTrail.NamesType(root);

    public void Read(SourceDocument document, PolicyBuilder builder) => builder.Add(new ServerConfig(document, (MappingNode)document.Root!));
}
