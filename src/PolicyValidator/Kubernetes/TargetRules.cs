namespace PolicyValidator.Kubernetes;

/// <summary>What the definition of an EnvoyExtensionPolicy says about what it is attached to.</summary>
internal static class TargetRules
{
    private const string Group = "gateway.networking.k8s.io";

    private static readonly string[] Routes = ["HTTPRoute", "GRPCRoute", "TCPRoute", "UDPRoute", "TLSRoute"];

    /// <summary>The rules.</summary>
    public static IReadOnlyList<CrdRule> All { get; } =
    [
        new(".spec", null, null, OneWay),
        new(".spec", null, null, spec => GroupOf(spec["targetRef"])),
        new(".spec", null, null, spec => spec.ItemsOf("targetRefs").Select(GroupOf).FirstOrDefault(found => found is not null)),
        new(".spec", null, "1.8.2", spec => KindOf(spec["targetRef"], ["Gateway", .. Routes])),
        new(".spec", null, "1.8.2", spec => spec.ItemsOf("targetRefs").Select(target => KindOf(target, ["Gateway", .. Routes])).FirstOrDefault(found => found is not null)),
        new(".spec", "1.9.1", null, spec => KindOf(spec["targetRef"], ["Gateway", "ListenerSet", .. Routes])),
        new(".spec", "1.9.1", null, spec => spec.ItemsOf("targetRefs").Select(target => KindOf(target, ["Gateway", "ListenerSet", .. Routes])).FirstOrDefault(found => found is not null)),
        new(".spec", null, "1.5.0", spec => SectionOf(spec["targetRef"])),
        new(".spec", null, "1.5.0", spec => spec.ItemsOf("targetRefs").Select(SectionOf).FirstOrDefault(found => found is not null)),
        new(".spec", "1.9.1", null, MergeType),
        new(".spec.mergeType", "1.9.1", null, type => type.Text != "Replace" ? null : new(type, "mergeType Replace is not possible here", "remove mergeType: replacing is what happens without it")),
        new(".spec.targetSelectors[]", null, null, selector => selector["group"] is { } group && group.Text != Group
            ? new(group, $"group is {group.Described}", $"write {Group}")
            : null),
        new(".spec.targetSelectors[].namespaces", "1.8.2", null, namespaces => namespaces.TextOf("from") == "Selector" && namespaces["selector"] is null
            ? new(namespaces, "from is Selector, but 'selector' is missing", "add 'selector'")
            : null),
    ];

    private static CrdViolation? OneWay(KubernetesValue spec) => (spec["targetRef"], spec["targetRefs"], spec.ItemsOf("targetSelectors").Count) switch
    {
        ({ }, null, _) or (null, { }, _) or (_, _, > 0) => null,
        ({ } both, { }, _) => new(both, "targetRef and targetRefs stand together", "keep targetRefs"),
        _ => new(spec, "the policy is attached to nothing", "add targetRefs with the Gateway or route that it is for"),
    };

    private static CrdViolation? GroupOf(KubernetesValue? target) => target?["group"] is { } group && group.Text != Group
        ? new(group, $"the group of a target is {group.Described}", $"write {Group}")
        : null;

    private static CrdViolation? KindOf(KubernetesValue? target, string[] kinds) => target?["kind"] is { } kind && !kinds.Contains(kind.Text)
        ? new(kind, $"a policy cannot be attached to the kind {kind.Described}", $"use one of {string.Join(", ", kinds)}")
        : null;

    private static CrdViolation? SectionOf(KubernetesValue? target) => target?["sectionName"] is { } section
        ? new(section, "a target with a sectionName", "remove sectionName, or use Envoy Gateway 1.6 or later")
        : null;

    private static CrdViolation? MergeType(KubernetesValue spec) =>
        spec["mergeType"] is { } type
        && (KindOf(spec["targetRef"], Routes) ?? spec.ItemsOf("targetRefs").Concat(spec.ItemsOf("targetSelectors")).Select(target => KindOf(target, Routes)).FirstOrDefault(found => found is not null)) is not null
            ? new(type, "mergeType on a policy whose target is not a route", "remove mergeType, or attach the policy to routes")
            : null;
}
