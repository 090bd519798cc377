namespace PolicyValidator.Rules;

/// <summary><c>disabled: false</c> on a route.</summary>
internal sealed class EP011DisabledFalse : Rule
{
    public override string Id => "EP011";
    public override string Name => "disabled-false";
    public override Severity Severity => Severity.Error;
    public override string Summary => "disabled can only be true.";
    public override string Why => "A route cannot enable the filter again by disabled: false, and Envoy refuses the attempt.";
    public override IReadOnlyList<string> Sources => ["ExtProcPerRoute.disabled"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
        disabled: false # EP011

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
        overrides: {}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from route in context.Policies.Overrides
        let disabled = route.Config.Bool("disabled")
        where disabled is { IsSet: true, Value: false }
        select At(route.Document, disabled.Place, "disabled is false", "remove this per-route configuration, or write overrides: {} to stop a wider one");
}
