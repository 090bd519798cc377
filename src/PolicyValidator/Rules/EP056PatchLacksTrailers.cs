using PolicyValidator.Kubernetes;

namespace PolicyValidator.Rules;

/// <summary>Patches that make a policy's body full-duplex and leave its trailers behind.</summary>
internal sealed class EP056PatchLacksTrailers : Rule
{
    public override string Id => "EP056";
    public override string Name => "patch-lacks-trailers";
    public override Severity Severity => Severity.Error;
    public override string Summary => "Patches that set a body mode to FULL_DUPLEX_STREAMED set the trailer mode of the same direction to SEND too.";
    public override string Why => "Envoy Gateway leaves the trailers of other bodies at SKIP, and Envoy refuses a full-duplex body without them, the whole listener with it.";
    public override IReadOnlyList<string> Sources => ["EnvoyPatchPolicy, spec.jsonPatches", "ProcessingMode.request_body_mode, request_trailer_mode"];
    public override string Bad => Example.Replace("FULL_DUPLEX_STREAMED", "FULL_DUPLEX_STREAMED # EP056", StringComparison.Ordinal);
    public override string Good => Example + """
          - type: type.googleapis.com/envoy.config.listener.v3.Listener
            name: default/eg/http
            operation:
              op: replace
              path: /default_filter_chain/filters/0/typed_config/http_filters/0/typed_config/processing_mode/request_trailer_mode
              value: SEND

        """;

    private static string Example => """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyPatchPolicy
        metadata:
          name: full-duplex
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
              op: replace
              path: /default_filter_chain/filters/0/typed_config/http_filters/0/typed_config/processing_mode/request_body_mode
              value: FULL_DUPLEX_STREAMED

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in PatchedFilter.All(context.Policies)
        where filter.Modes.LacksTrailers == true
        let culprit = filter.Modes.Culprit(filter.Direction)
        select At(culprit.Patch.Policy.Document, culprit.Node, Message(filter), $"set processing_mode/{filter.Direction.TrailerMode} of the same filter to SEND in another operation") into finding
        group finding by (finding.Source, finding.Span, finding.Message) into same
        select same.First();

    private static string Message(PatchedFilter filter)
    {
        (string body, string trailers) = (filter.Direction.BodyMode, filter.Direction.TrailerMode);
        return filter.Modes.BodyBy is null
            ? $"a patch leaves {trailers} at {filter.Modes.Trailers}, and {body} is FULL_DUPLEX_STREAMED"
            : $"a patch sets {body} to FULL_DUPLEX_STREAMED, and {(filter.Modes.TrailersBy is null ? $"none sets {trailers}" : $"another leaves {trailers} at {filter.Modes.Trailers}")}";
    }
}
