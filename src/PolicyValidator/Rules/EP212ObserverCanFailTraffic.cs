using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An observer that is not allowed to fail.</summary>
internal sealed class EP212ObserverCanFailTraffic : Rule
{
    public override string Id => "EP212";
    public override string Name => "observer-can-fail-traffic";
    public override Severity Severity => Severity.Hint;
    public override VersionSet Versions => VersionSet.Since("1.31");
    public override string Summary => "observability_mode should stand with failure_mode_allow: true.";
    public override string Why =>
        "An observer that is down, or fails before the response, fails the request with 500: it only watches, but the traffic depends on it.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.observability_mode, failure_mode_allow"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        observability_mode: true # EP212

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        observability_mode: true
        failure_mode_allow: true

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let observes = filter.Config.Bool("observability_mode")
        where observes.Value && !filter.Config.Bool("failure_mode_allow").Value
        select At(
            filter.Document,
            observes.Place,
            "observability_mode is true, but a failing observer still fails the traffic",
            WrittenMode.Of(filter).HasBody("FULL_DUPLEX_STREAMED")
                ? "use STREAMED with SKIP for its trailers, as other bodies are not observed, and set failure_mode_allow: true beside it"
                : "set failure_mode_allow: true beside it") with
        {
            Related = [.. Direction.Both.Where(direction => WrittenMode.Of(filter).HasBody(direction, "FULL_DUPLEX_STREAMED")).Select(direction => RelatedPlace.At(filter.Document, WrittenMode.Of(filter).Body(direction).Place, direction.BodyMode))],
        };
}
