using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

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
        from filter in ListenerPatch.All(context.Policies).GroupBy(patch => (patch.Listener, patch.FilterName, patch.FilterIndex))
        from direction in Direction.Both
        let body = filter.LastOrDefault(patch => patch.Field == $"processing_mode/{direction.BodyMode}")
        let trailers = filter.LastOrDefault(patch => patch.Field == $"processing_mode/{direction.TrailerMode}")
        where body is { Op: "add" or "replace", Value.Text: "FULL_DUPLEX_STREAMED" or "4" } && trailers?.Value?.Text is not ("SEND" or "1")
        where trailers is not null || !SendsAlready(context.Policies, body, direction)
        select At(
            body.Policy.Document,
            body.Value!.Node,
            $"a patch sets {direction.BodyMode} to FULL_DUPLEX_STREAMED, and {(trailers is null ? "none sets" : "another leaves")} {direction.TrailerMode}{(trailers is null ? "" : $" at {trailers.Value?.Text}")}",
            $"set processing_mode/{direction.TrailerMode} of the same filter to SEND in another operation");

    /// <summary>Whether Envoy Gateway sends the trailers of the filter that is patched.</summary>
    private static bool SendsAlready(PolicySet policies, ListenerPatch patch, Direction direction) =>
        policies.Filters.Any(filter => filter.MadeFrom is { } entry
            && (patch.FilterName is null || patch.FilterName == entry.FilterName)
            && WrittenMode.Of(filter).SendsTrailers(direction));
}
