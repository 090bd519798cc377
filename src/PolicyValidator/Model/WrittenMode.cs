using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>A <c>ProcessingMode</c> where it is written: in a filter, in a per-route override, or in a list of allowed ones.</summary>
/// <param name="Document">The document it is in.</param>
/// <param name="Config">The message that holds it, or the mode itself.</param>
/// <param name="Path">The way from there to its fields: empty, or with a dot at the end.</param>
internal sealed record WrittenMode(SourceDocument Document, ConfigMessage Config, string Path)
{
    /// <summary>The mode of a filter, all defaults when it has none.</summary>
    public static WrittenMode Of(ExtProcFilter filter) => new(filter.Document, filter.Config, "processing_mode.");

    /// <summary>The mode of a per-route override; null when it leaves the mode alone.</summary>
    public static WrittenMode? Of(ExtProcOverride route) =>
        route.Config.Has("overrides.processing_mode") ? new(route.Document, route.Config, "overrides.processing_mode.") : null;

    /// <summary>The modes that <c>mode_override</c> may ask for.</summary>
    public static IEnumerable<WrittenMode> AllowedOf(ExtProcFilter filter) =>
        filter.Config.Messages("allowed_override_modes").Select(mode => new WrittenMode(filter.Document, mode, ""));

    /// <summary>Every mode of a run.</summary>
    public static IEnumerable<WrittenMode> All(PolicySet policies) =>
    [
        .. policies.Filters.Select(Of),
        .. policies.Filters.SelectMany(AllowedOf),
        .. policies.Overrides.Select(Of).OfType<WrittenMode>(),
    ];

    /// <summary>The body mode of a direction.</summary>
    public Located<string> Body(Direction direction) => Config.Enum(Path + direction.BodyMode);

    /// <summary>The header mode of a direction as written; DEFAULT when it is not.</summary>
    public Located<string> Headers(Direction direction) => Config.Enum(Path + direction.HeaderMode);

    /// <summary>The trailer mode of a direction as written; DEFAULT when it is not.</summary>
    public Located<string> Trailers(Direction direction) => Config.Enum(Path + direction.TrailerMode);

    /// <summary>Whether a direction's body has one of these modes.</summary>
    public bool HasBody(Direction direction, params ReadOnlySpan<string> modes) => modes.Contains(Body(direction).Value);

    /// <summary>Whether either body has one of these modes.</summary>
    public bool HasBody(params ReadOnlySpan<string> modes) => HasBody(Direction.Request, modes) || HasBody(Direction.Response, modes);

    /// <summary>Whether headers are sent: DEFAULT means yes.</summary>
    public bool SendsHeaders(Direction direction) => Headers(direction).Value != "SKIP";

    /// <summary>Whether trailers are sent: DEFAULT means no.</summary>
    public bool SendsTrailers(Direction direction) => Trailers(direction).Value == "SEND";

    /// <summary>Whether anything at all is sent to the processor.</summary>
    public bool SendsAnything =>
        Direction.Both.Any(direction => SendsHeaders(direction) || SendsTrailers(direction) || !HasBody(direction, "NONE"));
}
