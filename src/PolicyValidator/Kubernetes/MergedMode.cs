using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>A processing mode that an EnvoyFilter merges into an HTTP filter which is not among the inputs.</summary>
internal sealed record MergedMode(SourceDocument Document, MappingNode Mode)
{
    /// <summary>All of a run.</summary>
    public static IEnumerable<MergedMode> All(PolicySet policies) =>
        from patch in HttpFilterPatch.All(policies.Objects)
        let config = patch.Config
        where patch.IsMerge && config is not null && !policies.Merged.Contains(config)
        let mode = config.Field("processing_mode") as MappingNode
        where mode is not null
        select new MergedMode(patch.Object.Document, mode);

    /// <summary>The full-duplex body of a direction; null when it has another mode, or none here.</summary>
    public Node? FullDuplexBody(Direction direction) =>
        Mode.Field(direction.BodyMode) is { } body && body.Text?.ToUpperInvariant() is "FULL_DUPLEX_STREAMED" or "4" ? Mode.Field(direction.BodyMode) : null;

    /// <summary>Whether it says that trailers are sent.</summary>
    public bool SendsTrailers(Direction direction) => Mode.Field(direction.TrailerMode).Text?.ToUpperInvariant() is "SEND" or "1";
}
