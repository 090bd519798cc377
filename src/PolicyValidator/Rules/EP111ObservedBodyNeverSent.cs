using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An observer that is to see bodies in a mode in which none are sent.</summary>
internal sealed class EP111ObservedBodyNeverSent : Rule
{
    public override string Id => "EP111";
    public override string Name => "observed-body-never-sent";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.31");
    public override string Summary => "In observability mode only STREAMED bodies are sent.";
    public override string Why =>
        "With observability_mode Envoy sends no body to the processor in BUFFERED, BUFFERED_PARTIAL, FULL_DUPLEX_STREAMED or GRPC: the body passes unseen, and each chunk logs an error.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.observability_mode"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        observability_mode: true
        failure_mode_allow: true
        processing_mode:
          request_body_mode: BUFFERED # EP111

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        observability_mode: true
        failure_mode_allow: true
        processing_mode:
          request_body_mode: NONE

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        Modes(context.Policies)
            .SelectMany(mode => Direction.Both.Where(direction => mode.HasBody(direction, Unsent)).Select(direction => (mode, direction)))
            .Select(found => At(
                found.mode.Document,
                found.mode.Body(found.direction).Place,
                $"{found.direction.BodyMode} is {found.mode.Body(found.direction).Value} in observability mode, where only STREAMED bodies are sent",
                $"use STREAMED{WithoutTrailers(found.mode, found.direction)}, or NONE{WithoutTrailers(found.mode, found.direction)} if the body is not needed"))
            .OncePerPlace();

    /// <summary>Trailers that are only sent because a full-duplex body must have them.</summary>
    private static string WithoutTrailers(WrittenMode mode, Direction direction) =>
        mode.HasBody(direction, "FULL_DUPLEX_STREAMED") ? " with SKIP for its trailers" : "";

    private static readonly string[] Unsent = ["BUFFERED", "BUFFERED_PARTIAL", "FULL_DUPLEX_STREAMED", "GRPC"];

    private static IEnumerable<WrittenMode> Modes(PolicySet policies) =>
    [
        .. policies.Filters.Where(filter => filter.IsObserver).Select(WrittenMode.Of),
        .. RoutedFilter.All(policies).Where(routed => routed.Filter.IsObserver).Select(routed => routed.Mode),
    ];
}
