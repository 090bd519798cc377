using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A value that a Kubernetes resource cannot have.</summary>
internal sealed class EP052ValueRefusedByDefinition : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.KubernetesValue;

    public override string Id => "EP052";
    public override string Name => "value-refused-by-definition";
    public override string Summary => "Every value has the type, form and bounds that the resource's definition asks for.";
    public override string Why => "The API server, or the API that gcloud calls, refuses the object.";
    public override IReadOnlyList<string> Sources => ["schema of the CustomResourceDefinition", "docs/definitions.md", "the API server's rules for metadata"];
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
                body: FULL_DUPLEX_STREAMED # EP052

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
