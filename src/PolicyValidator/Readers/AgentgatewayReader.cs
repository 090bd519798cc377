using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Readers;

/// <summary>agentgateway's <c>AgentgatewayPolicy</c>: it runs no Envoy, so there is no filter; rules look at its processing options.</summary>
internal sealed class AgentgatewayReader : IInputReader
{
    public string Kind => "agentgateway AgentgatewayPolicy";

    public bool Reads(Node root) => ResourceDefinitions.IsIn(root, "agentgateway.dev");

    public void Read(SourceDocument document, PolicyBuilder builder) =>
        builder.Add(ResourceDefinitions.Of(document.Root!)!.Problems(KubernetesObject.Read(document), builder.Target));
}
