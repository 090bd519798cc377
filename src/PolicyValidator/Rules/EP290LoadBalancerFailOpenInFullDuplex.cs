using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Fail-open of a Google load balancer's extension beside a mode in which it may not hold.</summary>
internal sealed class EP290LoadBalancerFailOpenInFullDuplex : Rule
{
    public override string Id => "EP290";
    public override string Name => "load-balancer-fail-open-in-full-duplex";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "failOpen of a GKE or Google Cloud extension is not relied on beside a full-duplex body.";
    public override string Why =>
        "Google's load balancers are built on Envoy, which opens a full-duplex direction only before its first body byte. What they add to it is not published, so try it with the processor stopped.";
    public override IReadOnlyList<string> Sources => ["GCPTrafficExtension, failOpen, requestBodySendMode", "ExternalProcessor.failure_mode_allow"];
    public override string Bad => """
        apiVersion: networking.gke.io/v1
        kind: GCPTrafficExtension
        metadata:
          name: processor
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: Gateway
            name: external
          extensionChains:
          - name: chain
            extensions:
            - name: processor
              authority: processor.example.com
              timeout: 1s
              failOpen: true # EP290
              supportedEvents:
              - RequestHeaders
              - RequestBody
              - RequestTrailers
              requestBodySendMode: FullDuplexStreamed
              backendRef:
                kind: Service
                name: processor
                port: 9000

        """;
    public override string Good => Bad.Replace("failOpen: true # EP290", "failOpen: false", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from extension in GoogleExtension.All(context.Policies)
        where extension.Value.IsTrue("failOpen") && Direction.Both.Any(extension.IsFullDuplex)
        select At(extension.Document, extension.Value["failOpen"]!.Node, "failOpen is true beside a full-duplex body, whose failures may still fail the request once body was sent", "write failOpen: false and let the processor be there twice, or try what happens when it is down");
}
