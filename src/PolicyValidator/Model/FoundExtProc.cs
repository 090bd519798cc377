using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Model;

/// <summary>Things of ext_proc that were read in one text.</summary>
/// <param name="What">What they are: <c>filter</c>, <c>per-route config</c>, <c>patch</c>, <c>extension</c>, <c>policy</c>, <c>pipeline</c>.</param>
/// <param name="Holder">The kind of what they stand in: that of a Kubernetes object, or the name of a message of Envoy's.</param>
/// <param name="Count">How many there are.</param>
public sealed record FoundExtProc(string What, string Holder, int Count)
{
    private const string Kgateway = "gateway.kgateway.dev";

    /// <summary>All of a run, by text, in the order in which they were read.</summary>
    internal static ILookup<SourceText, FoundExtProc> In(PolicySet policies) => Each(policies)
        .GroupBy(found => found)
        .ToLookup(group => group.Key.Source, group => new FoundExtProc(group.Key.What, group.Key.Holder, group.Count()));

    /// <inheritdoc/>
    public override string ToString() => $"{Count} {What switch
    {
        _ when Count == 1 => What,
        "policy" => "policies",
        "patch" => "patches",
        _ => What + "s",
    }} ({Holder})";

    private static IEnumerable<(SourceText Source, string What, string Holder)> Each(PolicySet policies) =>
    [
        .. from filter in policies.Filters
           where filter.MadeFrom is null && !IsKgateways(filter.Document)
           select (filter.Document.Source, "filter", HolderOf(policies, filter.Document, filter.Config)),
        .. from route in policies.Overrides where !IsKgateways(route.Document) select (route.Document.Source, "per-route config", HolderOf(policies, route.Document, route.Config)),
        .. from found in policies.Objects from what in OwnWords(found) select (found.Document.Source, what, found.Kind),
        .. from patch in HttpFilterPatch.All(policies.Objects) where patch is { IsMerge: true, Config: not null } select (patch.Object.Document.Source, "patch", patch.Object.Kind),
        .. from patch in ListenerPatch.All(policies).Where(IsOfExtProc).DistinctBy(patch => patch.Operation.Node) select (patch.Policy.Document.Source, "patch", patch.Policy.Kind),
        .. from extension in GoogleExtension.All(policies) select (extension.Document.Source, "extension", KindOf(extension.Document.Root) ?? "extensionChains"),
        .. from server in policies.Servers select (server.Document.Source, "pipeline", "extproc.yaml"),
    ];

    /// <summary>What objects say of ext_proc in fields of their own.</summary>
    private static IEnumerable<string> OwnWords(KubernetesObject found) => (found.Group, found.Kind) switch
    {
        ("gateway.envoyproxy.io", "EnvoyExtensionPolicy") => (found.Spec?.ItemsOf("extProc") ?? []).Select(_ => "filter"),
        (Kgateway, "GatewayExtension") when found.Spec?["extProc"] is not null => ["filter"],
        (Kgateway, "TrafficPolicy") when found.Spec?["extProc"] is { } extProc => [extProc["processingMode"] is null ? "policy" : "per-route config"],
        ("agentgateway.dev", "AgentgatewayPolicy") when found.Spec?["traffic"]?["extProc"] is not null => ["policy"],
        _ => [],
    };

    /// <summary>kgateway's objects are counted by their own words: one with a fault has no filter.</summary>
    private static bool IsKgateways(SourceDocument document) => document.Translation?.IsUsersOwn == true;

    private static bool IsOfExtProc(ListenerPatch patch) =>
        patch.Field.StartsWith("processing_mode", StringComparison.Ordinal) || patch.Filter.Key.Contains("ext_proc", StringComparison.Ordinal);

    private static string HolderOf(PolicySet policies, SourceDocument document, ConfigMessage config)
    {
        string holder = config.Type.Name;
        for (Node? node = config.Node ?? document.Root; node is not null; node = node.Origin ?? node.Parent)
        {
            if (KindOf(node) is { } kind)
            {
                return kind;
            }

            holder = policies.Roots.GetValueOrDefault(node, holder);
        }

        return holder;
    }

    private static string? KindOf(Node? node) => KubernetesObject.Is(node) ? ((MappingNode)node!)["kind"].Text : null;
}
