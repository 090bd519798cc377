using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>The body mode GRPC, which the API has and Envoy has not.</summary>
internal sealed class EP110GrpcBodyModeNotImplemented : Rule
{
    public override string Id => "EP110";
    public override string Name => "grpc-body-mode-not-implemented";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.37");
    public override string Summary => "The body mode GRPC is not implemented in Envoy.";
    public override string Why =>
        "Envoy accepts GRPC and then acts as with NONE: the body is not sent to the processor, except that a body which is complete before the headers are answered is sent as one message when trailers are sent too.";
    public override IReadOnlyList<string> Sources => ["ProcessingMode.BodySendMode"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode:
          request_body_mode: GRPC # EP110

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from mode in WrittenMode.All(context.Policies)
        from direction in Direction.Both
        where mode.HasBody(direction, "GRPC")
        select At(
            mode.Document,
            mode.Body(direction).Place,
            $"{direction.BodyMode} is GRPC, which Envoy does not implement",
            "use NONE, which is what Envoy makes of it, or a body mode that it implements");
}
