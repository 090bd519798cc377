using System.Text.RegularExpressions;
using PolicyValidator.Decoding;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// What the definitions of GKE's extensions say about values together. That a full-duplex body needs its events has a rule with a fix,
/// which looks at gcloud's files too.
/// </summary>
internal static partial class GkeRules
{
    private const string Chains = ".spec.extensionChains[]";
    private const string Extension = Chains + ".extensions[]";
    private const string Plugin = "GCPWasmPlugin", Apigee = "ApigeeBackendService";

    private static readonly string[] Directions = ["request", "response"];

    private static readonly Dictionary<string, string> GroupOf = new()
    {
        ["Service"] = "", ["ServiceImport"] = "net.gke.io", [Plugin] = "networking.gke.io", [Apigee] = "apim.googleapis.com",
    };

    private static readonly CrdRule[] Shared =
    [
        new(Extension, null, null, DurationRule.OfCallout),
        new(Extension, null, null, ExactlyOneService),
        new(Extension, null, null, Authority),
        new(Extension, null, null, SendModeOfService),
        new(Extension, null, null, StreamedWithoutItsEvent),
        new(Extension + ".metadata", null, null, MetadataKeys),
        new(Chains + ".matchCondition.celExpressions[]", null, null, CelRule.OfMatcher),
    ];

    /// <summary>Of a GCPTrafficExtension.</summary>
    public static IReadOnlyList<CrdRule> OfTrafficExtension { get; } =
    [
        .. Shared,
        new(Extension, null, null, extension => extension.ItemsOf("supportedEvents").Count == 0 ? new(extension["name"] ?? extension, "no 'supportedEvents'", "add supportedEvents with what the extension is called for") : null),
        new(Extension, null, null, ObservedBody),
        new(Extension, null, null, PluginFields),
        new(Extension + ".backendRef", null, null, Reference),
        new(Chains + ".matchCondition.celExpressions[].backendRefs[]", null, null, Reference),
    ];

    /// <summary>Of a GCPRoutingExtension.</summary>
    public static IReadOnlyList<CrdRule> OfRoutingExtension { get; } = Shared;

    private static string? KindOf(KubernetesValue extension) => extension["backendRef"] is { } backend ? backend.TextOf("kind") ?? "Service" : null;

    private static CrdViolation? ExactlyOneService(KubernetesValue extension) => (extension["backendRef"], extension["googleAPIServiceName"]) switch
    {
        (null, null) => new(extension["name"] ?? extension, "neither 'backendRef' nor 'googleAPIServiceName'", "add backendRef with the processor's Service"),
        ({ }, { } second) => new(second, "'backendRef' beside 'googleAPIServiceName'", "keep one of them"),
        _ => null,
    };

    private static CrdViolation? Authority(KubernetesValue extension) => (KindOf(extension), extension["authority"]) switch
    {
        ("Service" or "ServiceImport", null or { Text: "" }) => new(extension["name"] ?? extension, "an extension with a Service and no 'authority'", "add authority with the name by which the proxy calls the Service"),
        (null, { } foreign) when extension["googleAPIServiceName"] is not null => new(foreign, "'authority' beside 'googleAPIServiceName'", "remove it"),
        (Plugin or Apigee, { } foreign) => new(foreign, $"'authority' beside a {KindOf(extension)}", "remove it"),
        _ => null,
    };

    private static CrdViolation? SendModeOfService(KubernetesValue extension) => KindOf(extension) is not (null or Plugin)
        ? null
        : Directions.Select(direction => extension[$"{direction}BodySendMode"]).OfType<KubernetesValue>()
            .Select(mode => new CrdViolation(mode, "a send mode, which only an extension with a Service, a ServiceImport or an ApigeeBackendService has", "remove it"))
            .FirstOrDefault();

    private static CrdViolation? StreamedWithoutItsEvent(KubernetesValue extension) =>
        (from direction in Directions
         let mode = extension[$"{direction}BodySendMode"]
         let needed = char.ToUpperInvariant(direction[0]) + direction[1..] + "Body"
         where mode?.Text == "Streamed" && !Lists(extension, needed)
         select new CrdViolation(mode, $"a send mode for bodies that the extension is not called for", $"add {needed} to supportedEvents, or remove {direction}BodySendMode")).FirstOrDefault();

    private static bool Lists(KubernetesValue extension, string name) => extension.ItemsOf("supportedEvents").Any(each => each.Text == name);

    private static CrdViolation? ObservedBody(KubernetesValue extension) => !extension.IsTrue("observabilityMode")
        ? null
        : Directions.Select(direction => extension[$"{direction}BodySendMode"]).OfType<KubernetesValue>()
            .Where(mode => mode.Text != "Streamed")
            .Select(mode => new CrdViolation(mode, $"observabilityMode beside a body that is {Described.Short(mode.Text)}", "write Streamed, or remove observabilityMode"))
            .FirstOrDefault();

    private static CrdViolation? MetadataKeys(KubernetesValue metadata) =>
        metadata.Fields.Where(field => !MetadataKey().IsMatch(field.Name))
            .Select(field => new CrdViolation(field.Value, $"the key '{Described.Short(field.Name)}'", "use up to 63 letters, digits, blanks and the signs that a URL can have"))
            .FirstOrDefault();

    private static CrdViolation? PluginFields(KubernetesValue extension) => KindOf(extension) != Plugin
        ? null
        : (extension["timeout"] ?? extension["metadata"]) is { } foreign ? new(foreign, $"a field that an extension with a {Plugin} does not have", "remove it")
        : extension.ItemsOf("supportedEvents").FirstOrDefault(each => each.Text.EndsWith("Trailers", StringComparison.Ordinal)) is { } trailers ? new(trailers, $"a {Plugin} is not called for trailers", "remove the event")
        : null;

    private static CrdViolation? Reference(KubernetesValue reference)
    {
        string kind = reference.TextOf("kind") ?? "Service", group = reference.TextOf("group") ?? "";
        return (GroupOf[kind] == group, kind, reference["port"]) switch
        {
            (false, _, _) => new(reference["group"] ?? reference["kind"]!, $"a {kind} of the group '{group}'", $"write group: \"{GroupOf[kind]}\""),
            (_, "Service" or "ServiceImport", null) => new(reference["name"] ?? reference, $"a {kind} without a port", "add 'port' with the number of one of its ports"),
            (_, Plugin, { } port) => new(port, $"a port of a {Plugin}", "remove it"),
            _ => null,
        };
    }

    [GeneratedRegex(@"^[A-Za-z0-9/\-._~%!$&'()*+,;=:\s{}\[\]]{1,63}\z")]
    private static partial Regex MetadataKey();
}
