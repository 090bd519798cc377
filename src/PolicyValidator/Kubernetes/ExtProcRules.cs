using PolicyValidator.Decoding;

namespace PolicyValidator.Kubernetes;

/// <summary>What the definition of an EnvoyExtensionPolicy says about an entry of <c>extProc</c>.</summary>
internal static class ExtProcRules
{
    private const string Entry = ".spec.extProc[]";
    private const string OwnGroup = "gateway.envoyproxy.io";
    private const string ImportGroup = "multicluster.x-k8s.io";

    /// <summary>The rules.</summary>
    public static IReadOnlyList<CrdRule> All { get; } =
    [
        new(Entry, null, null, entry => entry["backendRef"] is { } old ? new(old, "backendRef is not supported", "write a list backendRefs") : null),
        new(Entry, null, "1.4.3", entry => Kinds(entry, ["Service", "Backend"])),
        new(Entry, "1.5.0", null, entry => Kinds(entry, ["Service", "ServiceImport", "Backend"])),
        new(Entry, null, "1.4.3", entry => Groups(entry, ["", OwnGroup])),
        new(Entry, "1.5.0", null, entry => Groups(entry, ["", ImportGroup, OwnGroup])),
        BackendPortRule.At(Entry + ".backendRef"),
        BackendPortRule.At(Entry + ".backendRefs[]"),
        new(Entry, "1.4.2", "1.4.2", FailOpenIn142),
        new(Entry, "1.4.3", null, FailOpen),
        new(Entry, "1.9.1", null, ShadowMode),
        new(Entry + ".metadata.writableNamespaces", "1.3.0", null, WritableNamespaces),
    ];

    private static CrdViolation? Kinds(KubernetesValue entry, string[] kinds) =>
        entry.ItemsOf("backendRefs").Where(backend => !kinds.Contains(backend.TextOf("kind") ?? "Service"))
            .Select(backend => new CrdViolation(backend["kind"]!, $"a processor cannot be of the kind {backend["kind"]!.Described}", $"use one of {string.Join(", ", kinds)}"))
            .FirstOrDefault();

    private static CrdViolation? Groups(KubernetesValue entry, string[] groups) =>
        entry.ItemsOf("backendRefs").Where(backend => !groups.Contains(backend.TextOf("group") ?? ""))
            .Select(backend => new CrdViolation(backend["group"]!, $"a processor cannot be of the group {backend["group"]!.Described}", $"use one of {string.Join(", ", groups.Select(group => group.Length == 0 ? "\"\" (a Service)" : group))}"))
            .FirstOrDefault();

    private static CrdViolation? FailOpen(KubernetesValue entry) => entry.IsTrue("failOpen") && Bodies(entry).FirstOrDefault(body => body.Text == "FullDuplexStreamed") is not null
        ? new(entry["failOpen"]!, "failOpen: true beside a FullDuplexStreamed body", "remove failOpen, or choose another body mode")
        : null;

    /// <summary>This release's rule looks into both directions without asking whether they are there.</summary>
    private static CrdViolation? FailOpenIn142(KubernetesValue entry)
    {
        string? missing = entry["processingMode"] is not { } mode ? "processingMode with request and response"
            : mode["request"] is null ? "processingMode.request"
            : mode["response"] is null ? "processingMode.response"
            : null;
        return FailOpen(entry) ?? (missing is null || !entry.IsTrue("failOpen") ? null : new(
            entry["failOpen"]!,
            $"Envoy Gateway 1.4.2 refuses failOpen: true without {missing}",
            "write both, {} is enough (it sends the headers of that direction), or use Envoy Gateway 1.4.3 or later"));
    }

    private static CrdViolation? ShadowMode(KubernetesValue entry) => entry.IsTrue("shadowMode") && Bodies(entry).FirstOrDefault(body => body.Text != "Streamed") is { } body
        ? new(body, $"shadowMode beside a body that is {body.Text}", "set body: Streamed, or remove it: an observer gets bodies as they pass")
        : null;

    private static CrdViolation? WritableNamespaces(KubernetesValue namespaces) =>
        namespaces.Items.FirstOrDefault(each => each.Text.StartsWith("envoy.filters.http", StringComparison.Ordinal)) is { } taken
            ? new(taken, $"{Described.Short(taken.Text)} belongs to a filter of Envoy's own", "use a namespace of your own")
            : null;

    private static IEnumerable<KubernetesValue> Bodies(KubernetesValue entry) =>
        new[] { entry["processingMode"]?["request"]?["body"], entry["processingMode"]?["response"]?["body"] }.OfType<KubernetesValue>();
}
