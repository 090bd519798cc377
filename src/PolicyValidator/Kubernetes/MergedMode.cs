using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>A processing mode that an EnvoyFilter merges into an HTTP filter which is not among the inputs.</summary>
internal sealed record MergedMode(SourceDocument Document, MappingNode Mode)
{
    /// <summary>All of a run.</summary>
    public static IEnumerable<MergedMode> All(PolicySet policies) =>
        from found in policies.Objects
        where found.IsA("networking.istio.io", "EnvoyFilter")
        from patch in found.Spec?.ItemsOf("configPatches") ?? []
        where patch.TextOf("applyTo") == "HTTP_FILTER" && patch["patch"]?.TextOf("operation")?.StartsWith("MERGE", StringComparison.Ordinal) == true
        let config = (patch["patch"]?["value"]?.Node as MappingNode)?.Field("typed_config") as MappingNode
        where config?["@type"].Text?.EndsWith("ExternalProcessor", StringComparison.Ordinal) == true
        let mode = config.Field("processing_mode") as MappingNode
        where mode is not null
        select new MergedMode(found.Document, mode);

    /// <summary>The full-duplex body of a direction; null when it has another mode, or none here.</summary>
    public Node? FullDuplexBody(Direction direction) =>
        Mode.Field(direction.BodyMode) is { } body && body.Text?.ToUpperInvariant() is "FULL_DUPLEX_STREAMED" or "4" ? Mode.Field(direction.BodyMode) : null;

    /// <summary>Whether it says that trailers are sent.</summary>
    public bool SendsTrailers(Direction direction) => Mode.Field(direction.TrailerMode).Text?.ToUpperInvariant() is "SEND" or "1";
}
