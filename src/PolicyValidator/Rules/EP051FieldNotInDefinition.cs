using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A field that a Kubernetes resource does not have.</summary>
internal sealed class EP051FieldNotInDefinition : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.KubernetesField;

    public override string Id => "EP051";
    public override string Name => "field-not-in-definition";
    public override string Summary => "Every field is one that the resource has in the target's release.";
    public override string Why => "kubectl apply, gcloud import and other strict clients refuse the object; any other client has it stored without the field, as if it were not written.";
    public override IReadOnlyList<string> Sources => ["spec of the CustomResourceDefinition, field validation Strict", "docs/definitions.md"];
    public override string Bad => """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: processor
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: HTTPRoute
            name: backend
          extProc:
          - backendRefs:
            - name: processor
              port: 9002
            processingMode:
              request:
                body: FullDuplexStreamed
                trailers: Send # EP051

        """;
    public override string Good => """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: processor
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: HTTPRoute
            name: backend
          extProc:
          - backendRefs:
            - name: processor
              port: 9002
            processingMode:
              request:
                body: FullDuplexStreamed

        """;
}
