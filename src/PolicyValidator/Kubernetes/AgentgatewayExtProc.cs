using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>A use of a processor in an AgentgatewayPolicy: of the policy itself, or of one of its conditional entries.</summary>
/// <param name="Document">The document.</param>
/// <param name="Value">The mapping with <c>backendRef</c>.</param>
internal sealed record AgentgatewayExtProc(SourceDocument Document, KubernetesValue Value)
{
    /// <summary>All of a run.</summary>
    public static IEnumerable<AgentgatewayExtProc> All(PolicySet policies) =>
        from policy in policies.Objects
        where policy.IsA("agentgateway.dev", "AgentgatewayPolicy")
        let extProc = policy.Spec?["traffic"]?["extProc"]
        where extProc is not null
        from value in extProc["conditional"] is { } conditional ? conditional.Items.Select(entry => entry["policy"]).OfType<KubernetesValue>() : [extProc]
        select new AgentgatewayExtProc(policy.Document, value);

    /// <summary>The processing options; null when there are none.</summary>
    public KubernetesValue? Options => Value["processingOptions"];

    /// <summary>How a direction's body is sent, if it is written.</summary>
    public KubernetesValue? Body(Direction direction) => Options?[$"{direction.Word}BodyMode"];

    /// <summary>Whether a direction's body is sent in full duplex, as it is by default.</summary>
    public bool IsFullDuplex(Direction direction) => (Body(direction)?.Text ?? "FullDuplexStreamed") == "FullDuplexStreamed";
}
