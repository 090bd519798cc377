using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Values that a Kubernetes resource cannot have together.</summary>
internal sealed class EP053ValuesRefusedTogether : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.KubernetesCombination;

    public override string Id => "EP053";
    public override string Name => "values-refused-together";
    public override string Summary => "Values that the resource's definition excludes beside each other do not stand together.";
    public override string Why => "The API server, or the API that gcloud calls, refuses the object.";
    public override IReadOnlyList<string> Sources => ["x-kubernetes-validations of the CustomResourceDefinition"];
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
            failOpen: true # EP053
            processingMode:
              request:
                body: FullDuplexStreamed

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
