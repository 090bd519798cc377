using PolicyValidator.Expressions.Cel;

namespace PolicyValidator.Rules;

/// <summary>An attribute per route that is no CEL.</summary>
internal sealed class EP171PerRouteAttributeNotCel : Rule
{
    public override string Id => "EP171";
    public override string Name => "per-route-attribute-not-cel";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "Per-route request_attributes and response_attributes should be CEL that Envoy can build.";
    public override string Why =>
        "Envoy does not implement attributes per route and never builds these expressions, so it does not refuse them either: moved to the filter, where they would work, they are refused.";
    public override IReadOnlyList<string> Sources => ["ExtProcOverrides.request_attributes, response_attributes"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
        overrides:
          request_attributes: # EP136
          - request.[ # EP171

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
        overrides:
          grpc_initial_metadata: [{key: route, value: a}]

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from route in context.Policies.Overrides
        from field in (string[])["overrides.request_attributes", "overrides.response_attributes"]
        from attribute in route.Config.Strings(field)
        let problem = CelExpression.Check(attribute.Value, context.Target.Version)
        where problem is not null
        select At(
            route.Document,
            attribute.Place,
            $"this attribute is refused where attributes are built: {problem.Message}",
            "write an expression such as request.path, in the attributes of the filter");
}
