namespace PolicyValidator.Rules;

/// <summary>Per-route settings that the API has and Envoy has not.</summary>
internal sealed class EP136PerRouteSettingNotImplemented : Rule
{
    public override string Id => "EP136";
    public override string Name => "per-route-setting-not-implemented";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "request_attributes, response_attributes and async_mode are not implemented per route.";
    public override string Why =>
        "Envoy accepts them in a per-route configuration and does not look at them: the filter's own attributes are sent.";
    public override IReadOnlyList<string> Sources => ["ExtProcOverrides.request_attributes, response_attributes, async_mode"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
        overrides:
          request_attributes: [request.path] # EP136

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
        overrides:
          grpc_initial_metadata: [{key: route, value: a}]

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from route in context.Policies.Overrides
        from field in (string[])["overrides.request_attributes", "overrides.response_attributes", "overrides.async_mode"]
        where field == "overrides.async_mode" ? route.Config.Bool(field).Value : route.Config.Has(field)
        let name = field["overrides.".Length..]
        select AtKey(
            route.Document,
            route.Config.PlaceOf(field),
            $"{name} has no effect per route: Envoy does not implement it",
            name == "async_mode" ? "delete it" : $"move {name} to the filter, for all routes");
}
