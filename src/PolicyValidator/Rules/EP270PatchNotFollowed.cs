using PolicyValidator.Kubernetes;

namespace PolicyValidator.Rules;

/// <summary>A patch of which it cannot be told here what it changes.</summary>
internal sealed class EP270PatchNotFollowed : Rule
{
    public override string Id => "EP270";
    public override string Name => "patch-not-followed";
    public override Severity Severity => Severity.Hint;
    public override Target ExampleTarget => Target.Parse("eg=1.9")!;
    public override string Summary => "What a patch does to an ext_proc filter can be told from its path.";
    public override string Why => "What a patch makes of the filter is judged only as far as it is known for which filter it is.";
    public override IReadOnlyList<string> Sources => ["EnvoyPatchPolicy, spec.jsonPatches", "github.com/ohler55/ojg/jp"];
    public override string Bad => Policy("request_body_mode", "FULL_DUPLEX_STREAMED # EP270", "extproc/0") + Patch("request_trailer_mode", "SEND", "other");
    public override string Good => Policy("request_body_mode", "FULL_DUPLEX_STREAMED", "extproc/0") + Patch("request_trailer_mode", "SEND", "extproc/0");

    public override IEnumerable<Finding> Check(RuleContext context) => [.. NotRead(context), .. Undecided(context)];

    private IEnumerable<Finding> NotRead(RuleContext context) =>
        from patch in context.Policies.Patches
        where patch.NotFollowed is not null && patch.Operation["jsonPath"] is not null
        select At(patch.Policy.Document, patch.Operation["jsonPath"]!.Node, $"this jsonPath is not followed here: {patch.NotFollowed}", "look yourself at what it finds, or write the path to one filter by its name");

    private IEnumerable<Finding> Undecided(RuleContext context) =>
        from filter in PatchedFilter.All(context.Policies)
        where filter.Modes.LacksTrailers is null
        let culprit = filter.Modes.Culprit(filter.Direction)
        let document = culprit.Patch.Policy.Document
        let node = culprit.Node
        group filter by (document, node) into same
        select At(
            same.Key.document,
            same.Key.node,
            $"this makes {same.First().Direction.BodyMode} FULL_DUPLEX_STREAMED, and it cannot be told whether the patch of {same.First().Direction.TrailerMode} is for the same filter",
            "choose the filter in both operations by the same jsonPath");

    private static string Policy(string field, string value, string name) => $"""
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

        """ + Patch(field, value, name);

    private static string Patch(string field, string value, string name) => $"""
          - type: type.googleapis.com/envoy.config.listener.v3.Listener
            name: default/eg/http
            operation:
              op: add
              jsonPath: "..http_filters[?match(@.name, '.*{name}')].typed_config.processing_mode"
              path: /{field}
              value: {value}

        """;
}
