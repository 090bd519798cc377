using PolicyValidator.Decoding;

namespace PolicyValidator.Kubernetes;

/// <summary>What kgateway's definitions say about values together, in what concerns ext_proc.</summary>
internal static class KgatewayRules
{
    private const string ExtProc = ".spec.extProc";
    private const string Service = ExtProc + ".grpcService";

    private static readonly (string Type, string Field)[] Extensions =
        [("ExtAuth", "extAuth"), ("ExtProc", "extProc"), ("RateLimit", "rateLimit"), ("JWT", "jwt"), ("OAuth2", "oauth2")];

    private static readonly string[] Targets = ["Gateway", "HTTPRoute", "GRPCRoute", "Backend"];

    /// <summary>Of a GatewayExtension.</summary>
    public static IReadOnlyList<CrdRule> OfGatewayExtension { get; } =
    [
        new(".spec", null, "2.0.0", OfItsTypeOnly),
        new(".spec", "2.2.0", null, ExactlyOneExtension),
        new(".spec", null, null, OfItsType),
        BackendPortRule.At(Service + ".backendRef"),
        DurationRule.AtLeastMillisecond(ExtProc, "messageTimeout", "2.1.0"),
        DurationRule.AtLeastMillisecond(ExtProc, "maxMessageTimeout", "2.1.0"),
        DurationRule.AtLeastMillisecond(Service, "requestTimeout", "2.1.0"),
        DurationRule.AtLeastMillisecond(Service + ".retry.backoff", "baseInterval", "2.2.0"),
        new(Service + ".retry.backoff", "2.2.0", null, Backoff),
    ];

    /// <summary>Of a TrafficPolicy.</summary>
    public static IReadOnlyList<CrdRule> OfTrafficPolicy { get; } =
    [
        new(".spec.targetRefs[]", null, null, Target),
        new(".spec.targetSelectors[]", "2.1.0", null, Target),
        new(ExtProc, "2.1.0", null, extProc => (extProc["extensionRef"], extProc["disable"]) switch
        {
            (null, null) => new(extProc, "neither 'extensionRef' nor 'disable'", "add extensionRef with the name of a GatewayExtension, or disable: {}"),
            ({ }, { } disable) => new(disable, "'extensionRef' beside 'disable'", "keep one of them"),
            _ => null,
        }),
    ];

    /// <summary>The kinds of all releases: which of them takes a GRPCRoute first, and a Backend last, is not told here.</summary>
    private static CrdViolation? Target(KubernetesValue target) => target.TextOf("kind")! is var kind && (Targets.Contains(kind) || kind.EndsWith("ListenerSet", StringComparison.Ordinal))
        ? null
        : new(target["kind"]!, $"a policy for a {Described.Short(kind)}", "use one of Gateway, HTTPRoute, GRPCRoute, ListenerSet");

    private static CrdViolation? ExactlyOneExtension(KubernetesValue spec)
    {
        KubernetesValue[] set = [.. Extensions.Select(each => spec[each.Field]).OfType<KubernetesValue>().OrderBy(each => each.Node.UseSpan.Start)];
        return set.Length switch
        {
            0 => new(spec, "an extension that is none of extAuth, extProc, rateLimit, jwt and oauth2", "add one of them"),
            1 => null,
            _ => new(set[1], "two extensions in one GatewayExtension", "write a GatewayExtension for each"),
        };
    }

    private static CrdViolation? OfItsType(KubernetesValue spec) =>
        Extensions.Where(each => spec.TextOf("type") == each.Type && spec[each.Field] is null)
            .Select(each => new CrdViolation(spec["type"]!, $"type is {each.Type}, but '{each.Field}' is missing", $"add '{each.Field}', or remove 'type'"))
            .FirstOrDefault();

    private static CrdViolation? OfItsTypeOnly(KubernetesValue spec) =>
        Extensions.Where(each => spec.TextOf("type") != each.Type && spec[each.Field] is not null)
            .Select(each => new CrdViolation(spec[each.Field]!, $"'{each.Field}' beside type {Described.Short(spec.TextOf("type") ?? "")}", $"remove '{each.Field}', or set type: {each.Type}"))
            .FirstOrDefault();

    private static CrdViolation? Backoff(KubernetesValue backoff) =>
        GoDuration.SecondsOf(backoff.TextOf("maxInterval") ?? "") < GoDuration.SecondsOf(backoff.TextOf("baseInterval") ?? "")
            ? new(backoff["maxInterval"]!, "maxInterval is less than baseInterval", "write a maxInterval of at least baseInterval")
            : null;
}
