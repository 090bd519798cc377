using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>agentgateway's fail-open beside a mode in which it cannot hold.</summary>
internal sealed class EP160AgentgatewayFailOpenInFullDuplex : Rule
{
    private static readonly ProductVersion Since = new(1, 4, 0);

    public override string Id => "EP160";
    public override string Name => "agentgateway-fail-open-in-full-duplex";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "failureMode: FailOpen of an AgentgatewayPolicy opens a FullDuplexStreamed request only before its first body byte.";
    public override string Why =>
        "agentgateway sends a full-duplex body without waiting for the answer to the headers. Once its first byte is on the way a failure is answered with 500, so that while the processor is down only requests without a body pass. Failures of responses are never let pass. Where no mode is written, it is full duplex.";
    public override IReadOnlyList<string> Sources => ["AgentgatewayPolicy, spec.traffic.extProc.failureMode", "agentgateway issue 3362"];
    public override string Bad => """
        apiVersion: agentgateway.dev/v1alpha1
        kind: AgentgatewayPolicy
        metadata:
          name: processor
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: HTTPRoute
            name: app
          traffic:
            extProc:
              backendRef:
                name: processor
                port: 9000
              failureMode: FailOpen # EP160
              processingOptions:
                requestBodyMode: FullDuplexStreamed
                responseBodyMode: None

        """;
    public override string Good => Bad.Replace(" # EP160", "", StringComparison.Ordinal).Replace("FullDuplexStreamed", "Buffered", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from use in AgentgatewayExtProc.All(context.Policies)
        let mode = use.Value["failureMode"]
        where mode?.Text == "FailOpen" && context.Target.Agentgateway >= Since
        let request = use.IsFullDuplex(Direction.Request)
        let response = use.Body(Direction.Response)
        where request || response?.Text == "FullDuplexStreamed"
        select At(
            use.Document,
            mode.Node,
            request
                ? $"failureMode is FailOpen, but with {(use.Body(Direction.Request) is null ? "no requestBodyMode, which means FullDuplexStreamed," : "requestBodyMode FullDuplexStreamed")} failures still fail the request once body was sent"
                : "failureMode is FailOpen, but with responseBodyMode FullDuplexStreamed failures still fail the response",
            request ? "write requestBodyMode: Buffered, or failureMode: FailClosed and let the processor be there twice" : "write responseBodyMode: None, or failureMode: FailClosed and let the processor be there twice") with
        {
            Related = [.. Direction.Both.Select(use.Body).OfType<KubernetesValue>().Where(body => body.Text == "FullDuplexStreamed").Select(body => RelatedPlace.At(use.Document, body.Node, "the full-duplex body"))],
        };
}
