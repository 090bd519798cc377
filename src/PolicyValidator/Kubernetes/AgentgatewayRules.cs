using PolicyValidator.Decoding;

namespace PolicyValidator.Kubernetes;

/// <summary>What the definition of an AgentgatewayPolicy says about values together, in what concerns ext_proc.</summary>
internal static class AgentgatewayRules
{
    private const string ExtProc = ".spec.traffic.extProc";

    private static readonly string[] Alone12 = ["backendRef"], Alone13 = [.. Alone12, "processingOptions"];
    private static readonly string[] Alone14 = [.. Alone13, "failureMode", "metadataContext", "requestAttributes", "responseAttributes"];
    private static readonly string[] Parts = ["traffic", "frontend", "backend"];
    private static readonly string[] HttpTargets = ["Gateway", "HTTPRoute", "GRPCRoute", "ListenerSet"], BeforeRouting = ["Gateway", "ListenerSet"];

    private static readonly Dictionary<string, string> GroupOf = new()
    {
        ["Gateway"] = "gateway.networking.k8s.io",
        ["HTTPRoute"] = "gateway.networking.k8s.io",
        ["GRPCRoute"] = "gateway.networking.k8s.io",
        ["ListenerSet"] = "gateway.networking.k8s.io",
        ["Service"] = "",
        ["AgentgatewayBackend"] = "agentgateway.dev",
        ["InferencePool"] = "inference.networking.k8s.io",
    };

    /// <summary>The rules.</summary>
    public static IReadOnlyList<CrdRule> All { get; } =
    [
        new(".spec", null, null, OneKindOfTarget),
        new(".spec", null, null, spec => Parts.Any(part => spec[part] is not null) ? null : new(spec, "a policy without traffic, frontend and backend", "add one of them")),
        new(".spec", null, null, GroupOfTarget),
        new(".spec", null, null, spec => Targets(spec).FirstOrDefault(each => each.TextOf("kind") != Targets(spec).First().TextOf("kind")) is { } other
            ? new(other["kind"]!, "targets of two kinds in one policy", "write a policy for each kind")
            : null),
        new(".spec", null, "1.1.0", spec => TrafficTarget(spec, HttpTargets, "'traffic'")),
        new(".spec", "1.2.0", null, spec => TrafficTarget(spec, [.. HttpTargets, "InferencePool"], "'traffic'")),
        new(".spec", null, null, spec => spec["traffic"]?.TextOf("phase") == "PreRouting" ? TrafficTarget(spec, BeforeRouting, "'phase: PreRouting'") : null),
        new(".spec", "1.4.0", null, Port),
        new(ExtProc, "1.2.0", "1.2.0", extProc => Conditional(extProc, Alone12)),
        new(ExtProc, "1.3.0", "1.3.0", extProc => Conditional(extProc, Alone13)),
        new(ExtProc, "1.4.0", null, extProc => Conditional(extProc, Alone14)),
        new(ExtProc, "1.2.0", null, extProc => extProc["conditional"] is null && extProc["backendRef"] is null ? WithoutBackend(extProc) : null),
        new(ExtProc, "1.2.0", null, UnconditionalIsLast),
        new(ExtProc + ".conditional[].policy", "1.2.0", null, policy => policy["backendRef"] is null ? WithoutBackend(policy) : null),
        BackendPortRule.At(ExtProc + ".backendRef"),
        BackendPortRule.At(ExtProc + ".conditional[].policy.backendRef"),
    ];

    private static CrdViolation WithoutBackend(KubernetesValue holder) =>
        new(holder, "no 'backendRef'", "add backendRef with the name and port of the processor's Service");

    private static CrdViolation? OneKindOfTarget(KubernetesValue spec) => (spec["targetRefs"], spec["targetSelectors"]) switch
    {
        (null, null) => new(spec, "neither 'targetRefs' nor 'targetSelectors'", "add targetRefs with what the policy is for"),
        ({ }, { } selectors) => new(selectors, "'targetRefs' beside 'targetSelectors'", "keep one of them"),
        _ => null,
    };

    private static IEnumerable<KubernetesValue> Targets(KubernetesValue spec) => spec.ItemsOf("targetRefs").Concat(spec.ItemsOf("targetSelectors"));

    private static CrdViolation? GroupOfTarget(KubernetesValue spec) =>
        Targets(spec).Where(target => GroupOf.GetValueOrDefault(target.TextOf("kind")!) != target.TextOf("group"))
            .Select(target => new CrdViolation(
                target["kind"]!,
                $"a target of the kind {Described.Short(target.TextOf("kind")!)} in the group '{Described.Short(target.TextOf("group")!)}'",
                GroupOf.TryGetValue(target.TextOf("kind")!, out string? group) ? $"write group: \"{group}\"" : $"use one of {string.Join(", ", GroupOf.Keys)}"))
            .FirstOrDefault();

    private static CrdViolation? TrafficTarget(KubernetesValue spec, string[] kinds, string what) => spec["traffic"] is null
        ? null
        : Targets(spec).Where(target => !kinds.Contains(target.TextOf("kind")))
            .Select(target => new CrdViolation(target["kind"]!, $"{what} cannot be for a {Described.Short(target.TextOf("kind")!)}", $"use one of {string.Join(", ", kinds)}"))
            .FirstOrDefault();

    private static CrdViolation? Port(KubernetesValue spec) =>
        Targets(spec).Select(target => target["port"]).OfType<KubernetesValue>().FirstOrDefault() is { } port && (spec["traffic"] ?? spec["backend"]) is not null
            ? new(port, "a target's 'port', which only a policy with nothing but 'frontend' has", "remove it, or use sectionName")
            : null;

    /// <summary>What the entries of <c>conditional</c> have, the policy itself has not.</summary>
    private static CrdViolation? Conditional(KubernetesValue extProc, string[] fields) => extProc["conditional"] is null
        ? null
        : fields.Select(field => (Field: field, Value: extProc[field]))
            .Where(each => each.Value is not null)
            .Select(each => new CrdViolation(each.Value!, $"'{each.Field}' beside 'conditional'", $"move '{each.Field}' into the 'policy' of each entry of 'conditional'"))
            .FirstOrDefault();

    private static CrdViolation? UnconditionalIsLast(KubernetesValue extProc) =>
        extProc.ItemsOf("conditional").SkipLast(1).FirstOrDefault(entry => entry["condition"] is null) is { } early
            ? new(early, "an entry without 'condition' that is not the last", "give it a condition, or move it to the end")
            : null;
}
