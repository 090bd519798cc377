namespace PolicyValidator.Rules;

/// <summary>A timer that fires at once.</summary>
internal sealed class EP122ZeroMessageTimeout : Rule
{
    public override string Id => "EP122";
    public override string Name => "zero-message-timeout";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "message_timeout: 0s lets nearly every message time out.";
    public override string Why =>
        "Zero does not mean no limit: the timer fires at once, and nearly every request gets 504, or passes unprocessed with failure_mode_allow.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.message_timeout"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        message_timeout: 0s # EP122

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        message_timeout: 3600s

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let timeout = filter.Config.Duration("message_timeout")
        where timeout.Value is { Seconds: 0, Nanos: 0 }
        select At(
            filter.Document,
            timeout.Place,
            "message_timeout is 0s, which fires at once and is not \"no limit\"",
            "give the processor time to answer; 200ms is the default, 3600s the longest");
}
