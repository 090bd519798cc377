using PolicyValidator.Kubernetes;

namespace PolicyValidator.Rules;

/// <summary>A patch whose path leads to nothing.</summary>
internal sealed class EP161PatchFindsNothing : Rule
{
    public override string Id => "EP161";
    public override string Name => "patch-finds-nothing";
    public override Severity Severity => Severity.Warning;
    public override Target ExampleTarget => Target.Parse("eg=1.9")!;
    public override string Summary => "The path of an EnvoyPatchPolicy leads to what is there.";
    public override string Why => "Envoy Gateway leaves the operation out, with \"no jsonPointers were found\" or the like in the policy's status: the filter stays as it was.";
    public override IReadOnlyList<string> Sources => ["EnvoyPatchPolicy, spec.jsonPatches"];
    public override string Bad => """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyPatchPolicy
        metadata:
          name: patch
        spec:
          targetRef:
            group: gateway.networking.k8s.io
            kind: Gateway
            name: eg
          type: JSONPatch
          jsonPatches:
          - type: type.googleapis.com/envoy.config.listener.v3.Listener
            name: default/eg/http
            operation:
              op: add
              jsonPath: "..http_filters[?(@.name == 'envoy.filters.http.ext_proc')].typed_config.processing_mode" # EP161
              path: /request_body_mode
              value: BUFFERED
        ---
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: picker
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: Gateway
            name: eg
          extProc:
          - backendRefs:
            - name: picker
              port: 9002
            processingMode:
              request: {}

        """;
    public override string Good => Bad
        .Replace("@.name == 'envoy.filters.http.ext_proc'", "@.name == 'envoy.filters.http.ext_proc/envoyextensionpolicy/default/picker/extproc/0'", StringComparison.Ordinal)
        .Replace(" # EP161", "", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from patch in context.Policies.PatchIndex.LookedAt(context.Policies.Patches, patch => (patch.Policy.Document, patch.Operation.Node), "patches")
        let vain = VainPath.Of(patch, context.Policies)
        where vain is not null
        let place = patch.Operation["jsonPath"] ?? patch.Operation["path"]
        select At(patch.Policy.Document, place.Node, vain.Message, vain.Help) with { Severity = vain.IsSure ? Severity : Severity.Hint };
}
