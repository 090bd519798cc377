using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A full-duplex body for agentgateway with trailers that it sends anyway.</summary>
internal sealed class EP181TrailersForced : Rule
{
    public override string Id => "EP181";
    public override string Name => "trailers-forced";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A full-duplex body for agentgateway does not skip the trailers of its direction.";
    public override string Why => "agentgateway sends them anyway and logs a warning: what the policy says is not what happens.";
    public override IReadOnlyList<string> Sources => ["AgentgatewayPolicy, spec.traffic.extProc.processingOptions"];
    public override string Bad => """
        apiVersion: agentgateway.dev/v1alpha1
        kind: AgentgatewayPolicy
        metadata:
          name: processor
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: Gateway
            name: agentgateway
          traffic:
            extProc:
              backendRef:
                name: processor
                port: 9000
              processingOptions:
                requestBodyMode: FullDuplexStreamed
                requestTrailerMode: Skip # EP181
                responseBodyMode: None

        """;
    public override string Good => Bad.Replace("requestTrailerMode: Skip # EP181", "requestTrailerMode: Send", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from use in AgentgatewayExtProc.All(context.Policies)
        from direction in Direction.Both
        let trailers = use.Options?[$"{direction.Word}TrailerMode"]
        where trailers?.Text == "Skip" && use.IsFullDuplex(direction)
        select At(use.Document, trailers.Node, $"{direction.Word}TrailerMode is Skip beside a full-duplex body, which is the mode without one too", "write Send, or choose another body mode");
}
