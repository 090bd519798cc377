using PolicyValidator.Kubernetes;

namespace PolicyValidator.Rules;

/// <summary>Two policies that are attached to the same thing.</summary>
internal sealed class EP183TwoPoliciesOnOneTarget : Rule
{
    public override string Id => "EP183";
    public override string Name => "two-policies-on-one-target";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A Gateway or route has at most one EnvoyExtensionPolicy of its own.";
    public override string Why => "Envoy Gateway takes the older one; the other has the condition Accepted False, reason Conflicted, and does nothing there. One policy can hold several entries of extProc.";
    public override IReadOnlyList<string> Sources => ["EnvoyExtensionPolicy, spec.targetRefs"];
    public override string Bad => Policy("first", "") + "---\n" + Policy("second", " # EP183");
    public override string Good => Policy("first", "");

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from same in Targets(context).GroupBy(target => target.Key)
        from later in same.Skip(1)
        where !ReferenceEquals(later.Policy, same.First().Policy) && !later.Policy.IsCopyOf(same.First().Policy)
        let first = same.First()
        select At(
            later.Policy.Document,
            later.Target.Node,
            $"{later.Target.TextOf("kind")} {later.Target.TextOf("name")} has the policy {first.Policy.Name} already",
            "put the entries of both into one policy") with
        {
            Related = [RelatedPlace.At(first.Policy.Document, first.Target.Node, $"the policy {first.Policy.Name}")],
        };

    private static IEnumerable<(string Key, KubernetesObject Policy, KubernetesValue Target)> Targets(RuleContext context) =>
        from policy in context.Policies.Objects
        where policy.IsA("gateway.envoyproxy.io", "EnvoyExtensionPolicy")
        from target in new[] { policy.Spec?["targetRef"] }.Concat(policy.Spec?.ItemsOf("targetRefs") ?? []).OfType<KubernetesValue>()
        select (string.Join('/', policy.Namespace, target.TextOf("kind"), target.TextOf("name"), target.TextOf("sectionName")), policy, target);

    private static string Policy(string name, string mark) => $$"""
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: {{name}}
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io{{mark}}
            kind: HTTPRoute
            name: backend
          extProc:
          - backendRefs:
            - name: {{name}}
              port: 9002
            processingMode:
              request: {}

        """;
}
