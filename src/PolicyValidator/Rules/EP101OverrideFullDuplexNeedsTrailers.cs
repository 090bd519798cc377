using PolicyValidator.Fixes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A route's full-duplex body without the trailers of its direction, which Envoy does not check there.</summary>
internal sealed class EP101OverrideFullDuplexNeedsTrailers : Rule
{
    public override string Id => "EP101";
    public override string Name => "override-full-duplex-needs-trailers";
    public override Severity Severity => Severity.Warning;
    public override FixSafety Fix => FixSafety.Safe;
    public override VersionSet Versions => VersionSet.Since("1.33");
    public override string Summary => "A per-route FULL_DUPLEX_STREAMED body needs the trailers of the same direction sent too.";
    public override string Why => """
        Envoy checks this in the filter but not per route. When a message ends in trailers, and every gRPC response does, Envoy passes them on at once: the processor never sees the end of the body, and what it still holds or sends later is lost, with status 200 and no error.
        """;
    public override IReadOnlyList<string> Sources => ["ExtProcOverrides.processing_mode", "ProcessingMode.request_trailer_mode, response_trailer_mode"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
        overrides:
          processing_mode:
            response_body_mode: FULL_DUPLEX_STREAMED # EP101

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
        overrides:
          processing_mode:
            response_body_mode: FULL_DUPLEX_STREAMED
            response_trailer_mode: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from route in context.Policies.Overrides
        let mode = WrittenMode.Of(route)
        where mode is not null
        from direction in Direction.Both
        where mode.HasBody(direction, "FULL_DUPLEX_STREAMED") && !mode.SendsTrailers(direction)
        select At(
            route.Document,
            mode.Body(direction).Place,
            $"{direction.BodyMode} is FULL_DUPLEX_STREAMED, but {direction.TrailerMode} is {mode.Trailers(direction).Value} on this route",
            $"set {direction.TrailerMode}: SEND beside it") with { Fix = SendTrailers.For(mode, direction) };
}
