using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An entry of the list of allowed overrides that leads to full duplex without trailers.</summary>
internal sealed class EP202OverrideListAllowsCutBodies : Rule
{
    public override string Id => "EP202";
    public override string Name => "override-list-allows-cut-bodies";
    public override Severity Severity => Severity.Hint;
    public override VersionSet Versions => VersionSet.Since("1.33");
    public override string Summary => "An allowed FULL_DUPLEX_STREAMED mode should have the trailers of the same direction sent too.";
    public override string Why =>
        "Envoy does not check it. When a processor asks for this mode and the message ends in trailers, the end of the body is never sent to it and what it still holds is lost.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.allowed_override_modes"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allow_mode_override: true
        allowed_override_modes:
        - request_body_mode: FULL_DUPLEX_STREAMED # EP202

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allow_mode_override: true
        allowed_override_modes:
        - request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        where filter.Config.Bool("allow_mode_override").Value
        from mode in WrittenMode.AllowedOf(filter)
        from direction in Direction.Both
        where mode.HasBody(direction, "FULL_DUPLEX_STREAMED") && !mode.SendsTrailers(direction)
        select At(
            filter.Document,
            mode.Body(direction).Place,
            $"this entry allows {direction.BodyMode}: FULL_DUPLEX_STREAMED with {direction.TrailerMode} {mode.Trailers(direction).Value}",
            $"set {direction.TrailerMode}: SEND beside it, in the processor's mode_override too");
}
