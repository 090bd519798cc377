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
internal sealed record GoogleExtension(SourceDocument Document, KubernetesValue Value, bool IsRoute)
{
    /// <summary>All of a run.</summary>
    public static IEnumerable<GoogleExtension> All(PolicySet policies) =>
    [
        .. from found in policies.Objects
           where found.Group == "networking.gke.io" && found.Kind is "GCPTrafficExtension" or "GCPRoutingExtension"
           from extension in In(found.Spec)
           select new GoogleExtension(found.Document, extension, found.Kind == "GCPRoutingExtension"),
        .. from document in policies.Documents
           where document.Root is MappingNode root && root["apiVersion"] is null && root["extensionChains"] is SequenceNode
           from extension in In(KubernetesReader.Read(document, document.Root!, []))
           select new GoogleExtension(document, extension, false),
    ];

    /// <summary>How a direction's body is sent; null when nothing says it.</summary>
    public KubernetesValue? SendMode(Direction direction) => Value[$"{direction.Word}BodySendMode"];

    /// <summary>Whether a direction's body is sent in full duplex.</summary>
    public bool IsFullDuplex(Direction direction) => SendMode(direction)?.Text is "FullDuplexStreamed" or "FULL_DUPLEX_STREAMED";

    /// <summary>The list of events.</summary>
    public KubernetesValue? Events => Value["supportedEvents"];

    /// <summary>The name of an event in the spelling of this surface: by that of the send mode.</summary>
    public string EventName(Direction direction, string part) => SendMode(direction)?.Text.Contains('_', StringComparison.Ordinal) == true
        ? $"{direction.Word}_{part}".ToUpperInvariant()
        : $"{char.ToUpperInvariant(direction.Word[0])}{direction.Word[1..]}{part}";

    /// <summary>Whether an event is listed, in either spelling.</summary>
    public bool Has(Direction direction, string part) => Events?.Items.Any(each =>
        each.Text.Replace("_", "", StringComparison.Ordinal).Equals(direction.Word + part, StringComparison.OrdinalIgnoreCase)) == true;

    private static IEnumerable<KubernetesValue> In(KubernetesValue? holder) =>
        holder?.ItemsOf("extensionChains").SelectMany(chain => chain.ItemsOf("extensions")) ?? [];
}
