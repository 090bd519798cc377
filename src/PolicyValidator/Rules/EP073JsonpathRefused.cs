namespace PolicyValidator.Rules;

/// <summary>A JSONPath that Envoy Gateway cannot read.</summary>
internal sealed class EP073JsonpathRefused : Rule
{
    public override string Id => "EP073";
    public override string Name => "jsonpath-refused";
    public override Severity Severity => Severity.Error;
    public override Target ExampleTarget => Target.Parse("eg=1.9")!;
    public override string Summary => "The jsonPath of an EnvoyPatchPolicy is one that Envoy Gateway's library reads.";
    public override string Why => "Envoy Gateway leaves the operation out and sets the policy's condition Programmed to False: the listener stays as if it had not been written.";
    public override IReadOnlyList<string> Sources => ["EnvoyPatchPolicy, spec.jsonPatches", "github.com/ohler55/ojg/jp, parse.go"];
    public override string Bad => Policy("\"..http_filters[?(@.name == 'ext_proc')].typed-config\" # EP073");
    public override string Good => Policy("\"..http_filters[?(@.name == 'ext_proc')].typed_config\"");

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from patch in context.Policies.Patches
        let refused = patch.Refused
        where refused is not null
        select At(
            patch.Policy.Document,
            patch.Operation["jsonPath"]!.Node,
            $"this jsonPath is not one that Envoy Gateway can read: {refused.Message} at character {refused.Offset + 1}",
            "write a path such as ..http_filters[?(@.name == 'NAME')].typed_config, with ['NAME'] for names that hold other signs than letters, digits and _");

    private static string Policy(string path) => $"""
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
              jsonPath: {path}
              path: /failure_mode_allow
              value: true

        """;
}
