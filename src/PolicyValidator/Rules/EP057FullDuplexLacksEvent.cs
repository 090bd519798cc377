using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A full-duplex body of a Google load balancer's extension without the events that it needs.</summary>
internal sealed class EP057FullDuplexLacksEvent : Rule
{
    private static readonly string[] Parts = ["Body", "Trailers"];

    public override string Id => "EP057";
    public override string Name => "full-duplex-lacks-event";
    public override Severity Severity => Severity.Error;
    public override FixSafety Fix => FixSafety.Safe;
    public override string Summary => "A FullDuplexStreamed body of a GKE or Google Cloud extension needs the body and the trailers among the supportedEvents.";
    public override string Why => "The load balancer's API refuses a full-duplex body unless both events of its direction are listed.";
    public override IReadOnlyList<string> Sources => ["GCPTrafficExtension and GCPRoutingExtension, supportedEvents", "Service Extensions, supported_events and request_body_send_mode"];
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
              supportedEvents:
              - RequestHeaders
              - RequestBody
              requestBodySendMode: FullDuplexStreamed # EP057
              backendRef:
                kind: Service
                name: processor
                port: 9000

        """;
    public override string Good => """
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

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from extension in GoogleExtension.All(context.Policies)
        from direction in Direction.Both
        where extension.IsFullDuplex(direction)
        from part in Parts
        where !extension.Has(direction, part)
        let name = extension.EventName(direction, part)
        let edits = extension.Events?.Node is SequenceNode list ? ListAppend.With(extension.Document.Source, list, name) : null
        select At(extension.Document, extension.SendMode(direction)!.Node, $"a full-duplex body, but {name} is not among the supportedEvents", $"add {name} to supportedEvents")
            with { Fix = edits is null ? null : new($"add {name} to supportedEvents", true, edits) };
}
