namespace PolicyValidator.Rules;

/// <summary>A longest timeout that is shorter than the usual one.</summary>
internal sealed class EP225OverrideCanOnlyShorten : Rule
{
    public override string Id => "EP225";
    public override string Name => "override-can-only-shorten";
    public override Severity Severity => Severity.Hint;
    public override VersionSet Versions => VersionSet.Since("1.26");
    public override string Summary => "max_message_timeout should not be below message_timeout.";
    public override string Why =>
        "It limits what the processor may ask for with override_message_timeout: below message_timeout it can only make the timer shorter.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.max_message_timeout"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        message_timeout: 5s
        max_message_timeout: 1s # EP225

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        message_timeout: 1s
        max_message_timeout: 5s

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let usual = filter.Config.Duration("message_timeout").Value
        let longest = filter.Config.Duration("max_message_timeout")
        where usual is not null && longest.Value is { TotalSeconds: > 0 } && longest.Value.Value.TotalSeconds < usual.Value.TotalSeconds
        select At(
            filter.Document,
            longest.Place,
            $"max_message_timeout {longest.Value} is below message_timeout {usual}, so the processor can only ask for less time",
            "raise max_message_timeout, or delete it if the processor asks for no time");
}
