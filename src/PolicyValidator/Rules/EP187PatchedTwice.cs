using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Two patches that write different values to the same place.</summary>
internal sealed class EP187PatchedTwice : Rule
{
    public override string Id => "EP187";
    public override string Name => "patched-twice";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A place in Envoy's configuration is written by one patch.";
    public override string Why => "Of two patches the one that is applied last wins: by priority, and with the same priority by the age of the objects, so that creating one of them anew changes what Envoy gets.";
    public override IReadOnlyList<string> Sources => ["EnvoyPatchPolicy, spec.jsonPatches, spec.priority", "EnvoyFilter, spec.configPatches, spec.priority"];
    public override string Bad => Policy("first", "SEND") + "---\n" + Policy("second", "SKIP # EP187");
    public override string Good => Policy("first", "SEND");

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from same in Written.All(context.Policies).GroupBy(each => each.Place)
        from pair in same.Zip(same.Skip(1))
        let first = pair.First
        let second = pair.Second
        where first.Value.Text != second.Value.Text && !first.Object.IsCopyOf(second.Object)
        select At(
            second.Object.Document,
            second.Value.Node,
            $"{second.Field} is {second.Value.Described} here, and {first.Value.Described} in {first.Object.Kind} {first.Object.Name}, which writes the same place",
            "keep one of the two, or give them different priorities and leave out what the later one overwrites") with
        {
            Related = [RelatedPlace.At(first.Object.Document, first.Value.Node, "the other patch")],
        };

    private static string Policy(string name, string mode) => $$"""
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyPatchPolicy
        metadata:
          name: {{name}}
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
              path: /default_filter_chain/filters/0/typed_config/http_filters/0/typed_config/processing_mode/request_header_mode
              value: {{mode}}

        """;

    /// <summary>A scalar that a patch writes to a place.</summary>
    /// <param name="Place">The place, the same for all that write it.</param>
    /// <param name="Field">What to call it.</param>
    /// <param name="Object">The object with the patch.</param>
    /// <param name="Value">The scalar.</param>
    private sealed record Written(string Place, string Field, KubernetesObject Object, KubernetesValue Value)
    {
        public static IEnumerable<Written> All(PolicySet policies) => [.. OfPatchPolicies(policies), .. OfEnvoyFilters(policies)];

        private static IEnumerable<Written> OfPatchPolicies(PolicySet policies) =>
            from patch in ListenerPatch.All(policies)
            let value = patch.Value
            where patch.Op is "add" or "replace" && value is { Fields: [], Items: [] }
            select new Written($"{patch.Policy.Namespace}\n{patch.Listener}\n{patch.Filter.Key}\n{patch.Field}", patch.Field, patch.Policy, value);

        private static IEnumerable<Written> OfEnvoyFilters(PolicySet policies) =>
            from patch in HttpFilterPatch.All(policies.Objects)
            let config = patch.Config
            where patch.IsMerge && config is not null && patch.SubFilter is not null
            from leaf in Leaves(KubernetesReader.Read(patch.Object.Document, config, []), "")
            select new Written($"{patch.SubFilter}\n{string.Join('\n', patch.Scope)}\n{leaf.Path}", leaf.Path[1..], patch.Object, leaf.Value);

        private static IEnumerable<(string Path, KubernetesValue Value)> Leaves(KubernetesValue value, string path) => value switch
        {
            { Fields: { Count: > 0 } fields } => fields.Where(field => field.Name != "@type").SelectMany(field => Leaves(field.Value, $"{path}/{field.Name}")),
            { Items.Count: > 0 } => [],
            _ when path.Length > 0 => [(path, value)],
            _ => [],
        };
    }
}
