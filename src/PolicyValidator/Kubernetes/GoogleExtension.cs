using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// An extension of a Google load balancer, in a GKE resource or in the file that gcloud takes. The one writes <c>RequestBody</c>, the other
/// <c>REQUEST_BODY</c>.
/// </summary>
/// <param name="Document">The document.</param>
/// <param name="Value">The extension.</param>
/// <param name="IsRoute">Whether it is of the kind that chooses routes and sees requests only.</param>
/// <param name="IsFile">Whether it is in a file of gcloud's.</param>
internal sealed record GoogleExtension(SourceDocument Document, KubernetesValue Value, bool IsRoute, bool IsFile)
{
    /// <summary>All of a run.</summary>
    public static IEnumerable<GoogleExtension> All(PolicySet policies) =>
    [
        .. from found in policies.Objects
           where found.Group == "networking.gke.io" && found.Kind is "GCPTrafficExtension" or "GCPRoutingExtension" or "GCPEdgeExtension"
           from extension in In(found.Spec)
           select new GoogleExtension(found.Document, extension, found.Kind == "GCPRoutingExtension", false),
        .. from document in policies.Documents
           where LoadBalancerFile.Is(document.Root)
           let value = KubernetesReader.Read(document, document.Root!, [])
           from extension in In(value)
           select new GoogleExtension(document, extension, value.TextOf("name")?.Contains("/lbRouteExtensions/", StringComparison.Ordinal) == true, true),
    ];

    /// <summary>How a direction's body is sent; null when nothing says it.</summary>
    public KubernetesValue? SendMode(Direction direction) => Value[$"{direction.Word}BodySendMode"];

    /// <summary>Whether a direction's body is sent in full duplex.</summary>
    public bool IsFullDuplex(Direction direction) =>
        IsFile ? IsFullDuplexInFile(SendMode(direction)?.Text) : SendMode(direction)?.Text == "FullDuplexStreamed";

    /// <summary>Whether a send mode of a file is full duplex: as the API spells it, or as its documentation does for short.</summary>
    public static bool IsFullDuplexInFile(string? sendMode) => sendMode is "BODY_SEND_MODE_FULL_DUPLEX_STREAMED" or "FULL_DUPLEX_STREAMED";

    /// <summary>The list of events.</summary>
    public KubernetesValue? Events => Value["supportedEvents"];

    /// <summary>The name of an event in the spelling of this surface.</summary>
    public string EventName(Direction direction, string part) => IsFile
        ? $"{direction.Word}_{part}".ToUpperInvariant()
        : $"{char.ToUpperInvariant(direction.Word[0])}{direction.Word[1..]}{part}";

    /// <summary>Whether an event is listed, in either spelling.</summary>
    public bool Has(Direction direction, string part) => Events?.Items.Any(each =>
        each.Text.Replace("_", "", StringComparison.Ordinal).Equals(direction.Word + part, StringComparison.OrdinalIgnoreCase)) == true;

    /// <summary>Whether it is the first of its chain.</summary>
    public bool IsFirst => Value.Node.Index == 0;

    private static IEnumerable<KubernetesValue> In(KubernetesValue? holder) =>
        holder?.ItemsOf("extensionChains").SelectMany(chain => chain.ItemsOf("extensions")) ?? [];
}
