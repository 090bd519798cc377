using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Sending the body at once, in a mode to which that makes no difference.</summary>
internal sealed class EP134SendBodyWithoutWaitingIgnored : Rule
{
    public override string Id => "EP134";
    public override string Name => "send-body-without-waiting-ignored";
    public override Severity Severity => Severity.Hint;
    public override VersionSet Versions => VersionSet.Since("1.32");
    public override string Summary => "send_body_without_waiting_for_header_response changes what Envoy sends only where the request body is STREAMED.";
    public override string Why =>
        "In every other body mode Envoy sends the body as it would without it. But since 1.34 it tells the processor about it in every mode, in protocol_config of the first message, and there are processors that refuse to work without it.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.send_body_without_waiting_for_header_response", "ProtocolConfiguration.send_body_without_waiting_for_header_response"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        send_body_without_waiting_for_header_response: true # EP134
        processing_mode: {request_body_mode: BUFFERED}

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        send_body_without_waiting_for_header_response: true
        processing_mode: {request_body_mode: STREAMED}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let send = filter.Config.Bool("send_body_without_waiting_for_header_response")
        let mode = WrittenMode.Of(filter)
        where send.Value && !mode.HasBody(Direction.Request, "STREAMED") && !IsStreamedByRoute(context.Policies, filter)
        select At(
            filter.Document,
            send.Place,
            $"send_body_without_waiting_for_header_response changes nothing in how Envoy sends a request body that is {mode.Body(Direction.Request).Value}; the processor is told of it all the same",
            "keep it if the processor asks for it in protocol_config, or delete it");

    private static bool IsStreamedByRoute(PolicySet policies, ExtProcFilter filter) => policies.OverridesOf(filter)
        .Any(route => WrittenMode.Of(route)?.HasBody(Direction.Request, "STREAMED") == true);
}
