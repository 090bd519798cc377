using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Configuration that Envoy takes and cannot mean.</summary>
internal sealed class EP173IgnoredEnvoyConfig : Rule
{
    public override string Id => "EP173";
    public override string Name => "ignored-envoy-config";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "Numbers outside an enum, and per-route configuration of another filter, do nothing.";
    public override string Why =>
        "Envoy accepts an undefined number for route_cache_action, a typed_per_filter_config value of another filter's type under the name of an ext_proc filter; neither does what was meant.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.route_cache_action", "Route.typed_per_filter_config"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        route_cache_action: 9 # EP173

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        route_cache_action: CLEAR

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        [.. UndefinedActions(context.Policies), .. ForeignOverrides(context.Policies)];

    private IEnumerable<Finding> UndefinedActions(PolicySet policies) =>
        from filter in policies.Filters
        let action = filter.Config.Enum("route_cache_action")
        where action.Value is not ("DEFAULT" or "CLEAR" or "RETAIN")
        select At(
            filter.Document,
            action.Place,
            $"route_cache_action {action.Value} is not defined",
            "use DEFAULT, CLEAR or RETAIN");

    private IEnumerable<Finding> ForeignOverrides(PolicySet policies) =>
        from foreign in ForeignOverride.All(policies)
        select AtKey(
            foreign.Document,
            foreign.Value,
            $"\"{foreign.Value.Entry?.Key.Value}\" is an ext_proc filter, and its per-route configuration here is a {foreign.TypeName}",
            "use envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute, or the name of the filter that this is for");
}
