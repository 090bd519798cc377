namespace PolicyValidator.Rules;

/// <summary>Two settings for the route cache.</summary>
internal sealed class EP003TwoRouteCacheSettings : Rule
{
    public override string Id => "EP003";
    public override string Name => "two-route-cache-settings";
    public override Severity Severity => Severity.Error;
    public override VersionSet Versions => VersionSet.Since("1.31");
    public override string Summary => "disable_clear_route_cache and a route_cache_action other than DEFAULT exclude each other.";
    public override string Why => "The two settings could contradict, so Envoy refuses them together even where they agree.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.disable_clear_route_cache, route_cache_action", "source/extensions/filters/http/ext_proc/config.cc, verifyFilterConfig"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        disable_clear_route_cache: true
        route_cache_action: RETAIN # EP003

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        route_cache_action: RETAIN

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let action = filter.Config.Enum("route_cache_action")
        where filter.Config.Bool("disable_clear_route_cache").Value && action.Value != "DEFAULT"
        select At(filter.Document, action.Place, $"route_cache_action is {action.Value} beside disable_clear_route_cache: true", "remove disable_clear_route_cache; RETAIN means the same");
}
