using PolicyValidator.Fixes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A full-duplex body without the trailers of its direction.</summary>
internal sealed class EP001FullDuplexNeedsTrailers : Rule
{
    public override string Id => "EP001";
    public override string Name => "full-duplex-needs-trailers";
    public override Severity Severity => Severity.Error;
    public override FixSafety Fix => FixSafety.Safe;
    public override VersionSet Versions => VersionSet.Since("1.33");
    public override string Summary => "A FULL_DUPLEX_STREAMED body needs the trailers of the same direction sent too.";
    public override string Why => "Without trailers the processor may never learn that the body ended, so Envoy refuses the whole configuration.";
    public override IReadOnlyList<string> Sources => ["ProcessingMode.request_body_mode, request_trailer_mode", "source/extensions/filters/http/ext_proc/config.cc, verifyFilterConfig"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED # EP001

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        where filter.MadeFrom is null
        let mode = WrittenMode.Of(filter)
        where mode is not null
        from direction in Direction.Both
        where mode.HasBody(direction, "FULL_DUPLEX_STREAMED") && !mode.SendsTrailers(direction)
        select At(
            filter.Document,
            mode.Body(direction).Place,
            $"{direction.BodyMode} is FULL_DUPLEX_STREAMED, but {direction.TrailerMode} is {mode.Trailers(direction).Value}",
            $"set {direction.TrailerMode}: SEND beside it") with { Fix = SendTrailers.For(mode, direction, filter.Name) };
}
