using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An HTTP processor that cannot be reached.</summary>
internal sealed class EP139HttpServiceWithoutCluster : Rule
{
    public override string Id => "EP139";
    public override string Name => "http-service-without-cluster";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.32");
    public override string Summary => "http_service needs an http_uri whose cluster exists.";
    public override string Why =>
        "Envoy checks neither: every request then waits for message_timeout and gets 504, or passes unprocessed with failure_mode_allow.";
    public override IReadOnlyList<string> Sources => ["ExtProcHttpService.http_service", "HttpService.http_uri"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        http_service: {} # EP139

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        http_service:
          http_service:
            http_uri: {uri: "http://processor:9000", cluster: processor, timeout: 1s}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        [.. context.Policies.Filters.Where(filter => filter.Config.Has("http_service")).Select(filter => Judge(filter, context.Policies)).OfType<Finding>()];

    private Finding? Judge(ExtProcFilter filter, PolicySet policies)
    {
        const string uri = "http_service.http_service.http_uri";
        if (!filter.Config.Has(uri))
        {
            return AtKey(filter.Document, filter.Config.PlaceOf("http_service"), "http_service has no http_uri, so no request can reach the processor", "write http_service: {http_service: {http_uri: {uri, cluster, timeout}}}");
        }

        Located<string> cluster = filter.Config.String(uri + ".cluster");
        return Clusters.Of(policies, filter.Document).Lack(cluster.Value)
            ? At(filter.Document, cluster.Place, $"there is no cluster \"{cluster.Value}\" in this bootstrap, and nothing else could add it", "name a cluster of static_resources.clusters")
            : null;
    }
}
