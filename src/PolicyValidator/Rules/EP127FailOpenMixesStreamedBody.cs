using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Fail-open beside streamed bodies.</summary>
internal sealed class EP127FailOpenMixesStreamedBody : Rule
{
    public override string Id => "EP127";
    public override string Name => "fail-open-mixes-streamed-body";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "failure_mode_allow with a STREAMED body can leave a body that is half processed.";
    public override string Why =>
        "When the processor fails in the middle, Envoy sends the chunks that were answered as the processor changed them, and the rest as they came: one body of two kinds, with status 200.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.failure_mode_allow"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        failure_mode_allow: true # EP127
        processing_mode:
          response_body_mode: STREAMED

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        failure_mode_allow: true
        processing_mode:
          response_body_mode: BUFFERED

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        FailOpen.All(context.Policies)
            .Where(open => open.Mode.HasBody("STREAMED"))
            .Select(open => At(
                open.Document,
                open.Allow.Place,
                $"{open.Said}, with a STREAMED body: a failure in the middle mixes changed and unchanged chunks",
                "use BUFFERED, delete failure_mode_allow, or keep both if the processor never changes bodies") with
            {
                Related = [.. Direction.Both.Where(direction => open.Mode.HasBody(direction, "STREAMED")).Select(direction => RelatedPlace.At(open.Mode.Document, open.Mode.Body(direction).Place, direction.BodyMode))],
            })
            .OncePerPlace();
}
