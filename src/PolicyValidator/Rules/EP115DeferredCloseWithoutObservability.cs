using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A time for closing late, in a filter that never does.</summary>
internal sealed class EP115DeferredCloseWithoutObservability : Rule
{
    public override string Id => "EP115";
    public override string Name => "deferred-close-without-observability";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.31");
    public override string Summary => "deferred_close_timeout does nothing outside observability mode.";
    public override string Why =>
        "Only in observability mode does Envoy keep the stream to the processor open after the HTTP stream has ended.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.deferred_close_timeout"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        deferred_close_timeout: 5s # EP115

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        observability_mode: true
        failure_mode_allow: true
        deferred_close_timeout: 5s

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        where filter.Config.Has("deferred_close_timeout") && !filter.Config.Bool("observability_mode").Value
        select AtKey(
            filter.Document,
            filter.Config.PlaceOf("deferred_close_timeout"),
            "deferred_close_timeout has no effect without observability_mode: true",
            $"delete it{(WrittenMode.Of(filter).HasBody("FULL_DUPLEX_STREAMED") ? "" : "; message_timeout limits how long an answer may take")}");
}
