namespace PolicyValidator.Rules;

/// <summary>Permission to override the mode, in a filter that sends the body before it could be overridden.</summary>
internal sealed class EP106OverrideIgnoredWithoutWaiting : Rule
{
    public override string Id => "EP106";
    public override string Name => "override-ignored-without-waiting";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.32");
    public override string Summary => "allow_mode_override does nothing beside send_body_without_waiting_for_header_response.";
    public override string Why =>
        "With send_body_without_waiting_for_header_response Envoy drops every mode_override of the processor without a word.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.send_body_without_waiting_for_header_response"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allow_mode_override: true # EP106
        send_body_without_waiting_for_header_response: true
        processing_mode: {request_body_mode: STREAMED}

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        send_body_without_waiting_for_header_response: true
        processing_mode: {request_body_mode: STREAMED}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let allow = filter.Config.Bool("allow_mode_override")
        where allow.Value && filter.Config.Bool("send_body_without_waiting_for_header_response").Value
        select At(
            filter.Document,
            allow.Place,
            "allow_mode_override has no effect beside send_body_without_waiting_for_header_response",
            $"delete {filter.OverridePermission} if the body is to be sent at once, or delete send_body_without_waiting_for_header_response if the processor is to choose its mode");
}
