using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Fail-open beside a mode in which it cannot hold.</summary>
internal sealed class EP126FailOpenInFullDuplex : Rule
{
    public override string Id => "EP126";
    public override string Name => "fail-open-in-full-duplex";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Between("1.33", "1.34").And(VersionSet.Since("1.35.1"));
    public override string Summary => "failure_mode_allow opens a FULL_DUPLEX_STREAMED direction only before its first body byte.";
    public override string Why =>
        "Since 1.36 Envoy fails closed (500, or a reset) once a body message was sent, and the first chunk of a POST is usually sent before the headers are answered. In 1.33, 1.34 and from 1.35.1 it opens, and what was already sent is lost: a truncated body.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.failure_mode_allow", "Envoy pull requests 39740 and 40503"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        failure_mode_allow: true # EP126
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        FailOpen.All(context.Policies)
            .Where(open => open.Mode.HasBody("FULL_DUPLEX_STREAMED") && !(open.IsDefault && IsRefused(open.Mode)))
            .Select(open => At(
                open.Document,
                open.Allow.Place,
                $"{open.Said}, but with a FULL_DUPLEX_STREAMED body failures still fail the request once body was sent",
                "delete it, and let the processor be there twice, or use BUFFERED with SKIP for its trailers, where failing open keeps the whole body") with
            {
                Related = [.. Direction.Both.Where(direction => open.Mode.HasBody(direction, "FULL_DUPLEX_STREAMED")).Select(direction => RelatedPlace.At(open.Mode.Document, open.Mode.Body(direction).Place, direction.BodyMode))],
            })
            .OncePerPlace();

    /// <summary>A mode that Envoy refuses has its error; what nobody wrote beside it can wait until it is right.</summary>
    private static bool IsRefused(WrittenMode mode) => Direction.Both.Any(direction => mode.HasBody(direction, "FULL_DUPLEX_STREAMED") && !mode.SendsTrailers(direction));
}
