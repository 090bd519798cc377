using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// A file that <c>gcloud service-extensions … import</c> takes: a resource of the Network Services API with its fields in lowerCamelCase. It
/// does not say its kind, so that is told by its fields.
/// </summary>
internal static class LoadBalancerFile
{
    private const string Api = "the Network Services API";

    private static readonly string[] ChainKeys = ["extensionChains", "extension_chains"];

    private static readonly CrdRule[] Rules =
    [
        new(".extensionChains[].extensions[]", null, null, DurationRule.OfCallout),
        new(".extensionChains[].matchCondition", null, null, CelRule.OfExpression),
        new(".extensionChains[].extensions[]", null, null, Callout),
        new(".extensionChains[].extensions[]", null, null, Plugin),
        new(".extensionChains[].extensions[]", null, null, StreamedWithoutItsEvent),
        new(".extensionChains[].extensions[]", null, null, ObservedBody),
        new("", null, null, DurationRule.OfCallout),
    ];

    /// <summary>Whether a document is such a file, with chains of extensions or for authorization.</summary>
    public static bool Is(Node? root) => TableOf(root) is not null;

    /// <summary>Everything for which the API, or gcloud before it, refuses the file.</summary>
    public static IReadOnlyList<ConfigProblem> Problems(SourceDocument document)
    {
        List<ConfigProblem> repeated = [];
        KubernetesValue value = KubernetesReader.Read(document, document.Root!, repeated);
        CrdTable table = TableOf(document.Root)!;
        ConfigProblem[] plain = [.. repeated, .. new CrdCheck(document, table, table.Releases[^1], static _ => Api).Check(value)];
        return ResourceDefinition.HasWrongValues(plain) ? plain : [.. plain, .. CrdRule.Problems(Rules, document, value, table.Releases[^1])];
    }

    private static CrdTable? TableOf(Node? root) => root switch
    {
        MappingNode mapping when mapping["apiVersion"] is not null => null,
        MappingNode mapping when ChainKeys.Any(key => mapping[key] is SequenceNode) => CrdTable.Of("LbExtension"),
        MappingNode mapping when mapping["wireFormat"] is ScalarNode || (mapping["loadBalancingScheme"] is ScalarNode && mapping["service"] is ScalarNode) => CrdTable.Of("AuthzExtension"),
        _ => null,
    };

    private static CrdViolation? Callout(KubernetesValue extension)
    {
        bool isCallout = extension.TextOf("service")?.Contains("/backendServices/", StringComparison.Ordinal) == true;
        string? missing = !isCallout ? null : extension["authority"] is null ? "authority" : extension["timeout"] is null ? "timeout" : null;
        return missing is null ? null : new(extension["name"]!, $"an extension that calls a backend service, without '{missing}'", $"add '{missing}'");
    }

    private static CrdViolation? Plugin(KubernetesValue extension) =>
        extension.TextOf("service")?.Contains("/wasmPlugins/", StringComparison.Ordinal) == true && (extension["authority"] ?? extension["timeout"]) is { } foreign
            ? new(foreign, "a field that an extension with a plugin does not have", "remove it")
            : null;

    private static CrdViolation? StreamedWithoutItsEvent(KubernetesValue extension) =>
        (from direction in Direction.Both
         let mode = extension[$"{direction.Word}BodySendMode"]
         let needed = $"{direction.Word}_body".ToUpperInvariant()
         where mode is not null && !GoogleExtension.IsFullDuplexInFile(mode.Text) && !extension.ItemsOf("supportedEvents").Any(each => each.Text == needed)
         select new CrdViolation(mode, "a send mode for bodies that the extension is not called for", $"add {needed} to supportedEvents, or remove {direction.Word}BodySendMode")).FirstOrDefault();

    private static CrdViolation? ObservedBody(KubernetesValue extension) => !extension.IsTrue("observabilityMode")
        ? null
        : Direction.Both.Select(direction => extension[$"{direction.Word}BodySendMode"]).OfType<KubernetesValue>()
            .Where(mode => GoogleExtension.IsFullDuplexInFile(mode.Text))
            .Select(mode => new CrdViolation(mode, "observabilityMode beside a full-duplex body", "write BODY_SEND_MODE_STREAMED, or remove observabilityMode"))
            .FirstOrDefault();
}
