using PolicyValidator.Fixes;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A full-duplex body that this Envoy Gateway cannot give its trailers.</summary>
internal sealed class EP055GatewaySkipsTrailers : Rule
{
    public override string Id => "EP055";
    public override string Name => "gateway-skips-trailers";
    public override Severity Severity => Severity.Error;
    public override FixSafety Fix => FixSafety.Unsafe;
    public override Target ExampleTarget => Target.Parse("eg=1.4.1")!;
    public override string Summary => "A FullDuplexStreamed body needs Envoy Gateway 1.4.2 or later, or an EnvoyPatchPolicy that sends the trailers.";
    public override string Why =>
        "Envoy refuses a full-duplex body without the trailers of its direction, the whole listener with it. An EnvoyExtensionPolicy has no field for trailers: Envoy Gateway 1.4.1 leaves them at SKIP, 1.4.2 and later set them to SEND. Until then an EnvoyPatchPolicy can set them; extensionApis.enableEnvoyPatchPolicy in Envoy Gateway's own configuration must allow it.";
    public override IReadOnlyList<string> Sources => ["EnvoyExtensionPolicy, spec.extProc.processingMode", "ProcessingMode.request_body_mode, request_trailer_mode", "EnvoyPatchPolicy, spec.jsonPatches"];
    public override string Bad => """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: processor
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: Gateway
            name: eg
          extProc:
          - backendRefs:
            - name: processor
              port: 9002
            processingMode:
              request:
                body: FullDuplexStreamed # EP055
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata:
          name: eg
        spec:
          gatewayClassName: eg
          listeners:
          - name: http
            port: 80
            protocol: HTTP

        """;
    public override string Good => Bad.Replace(" # EP055", "", StringComparison.Ordinal) + """
        ---
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyPatchPolicy
        metadata:
          name: processor-send-trailers
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
              jsonPath: "..http_filters[?(@.name=='envoy.filters.http.ext_proc/envoyextensionpolicy/default/processor/extproc/0')]"
              path: /typed_config/processing_mode/request_trailer_mode
              value: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from lacking in LackingTrailers.All(context.Policies)
        group lacking by lacking.Entry.Policy into policy
        let fix = FixOf(context.Policies, [.. policy])
        from lacking in policy
        select At(
            policy.Key.Document,
            lacking.Body,
            $"a full-duplex body whose {lacking.Direction.Word} trailers Envoy Gateway {context.Target.EnvoyGateway} cannot send, which Envoy refuses",
            Help([.. policy], fix is not null)) with { Fix = fix };

    private static string Help(IReadOnlyList<LackingTrailers> lacking, bool hasFix)
    {
        string how = hasFix
            ? "let --fix --unsafe-fixes append the EnvoyPatchPolicy that does until then"
            : $"until then set {string.Join(" and ", lacking.Select(each => $"processing_mode/{each.Direction.TrailerMode}").Distinct())} to SEND in the filter {lacking[0].Entry.FilterName} by an EnvoyPatchPolicy; with the Gateway among the inputs this program writes it";
        return $"use Envoy Gateway {EnvoyGatewayReleases.FillsTrailers} or later, or another body mode; {how}";
    }

    private static Fix? FixOf(PolicySet policies, IReadOnlyList<LackingTrailers> lacking)
    {
        KubernetesObject policy = lacking[0].Entry.Policy;
        IReadOnlyList<(string, string)> modes = [.. lacking.Select(each => (each.Entry.FilterName, each.Direction.TrailerMode))];
        string[] documents =
        [
            .. GatewayListener.Of(policies, policy).GroupBy(listener => listener.Gateway)
                .Select(gateway => TrailerPatchPolicy.Text(policy, [.. gateway], modes)),
        ];
        return documents.Length > 0 && TrailerPatchPolicy.Append(policy.Document, documents) is { } edit
            ? new("append an EnvoyPatchPolicy that sends the trailers", false, [edit])
            : null;
    }
}
