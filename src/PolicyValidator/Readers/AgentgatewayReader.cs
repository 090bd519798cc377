using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>agentgateway's <c>AgentgatewayPolicy</c>: it runs no Envoy, so there is no filter; a rule looks at its processing options.</summary>
internal sealed class AgentgatewayReader : IInputReader
{
    public string Kind => "agentgateway AgentgatewayPolicy";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping["kind"].Text == "AgentgatewayPolicy" && mapping["apiVersion"].Text?.StartsWith("agentgateway.dev/", StringComparison.Ordinal) == true;

    public void Read(SourceDocument document, PolicyBuilder builder) =>
        builder.Add(LaterField.In(KubernetesObject.Read(document), LaterField.OfAgentgatewayPolicy, "agentgateway", builder.Target.Agentgateway));
}
