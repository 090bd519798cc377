using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A per-route config without content.</summary>
internal sealed class EP010PerRouteConfigSaysNothing : Rule
{
    public override string Id => "EP010";
    public override string Name => "per-route-config-says-nothing";
    public override Severity Severity => Severity.Error;
    public override string Summary => "A per-route configuration either disables the filter or overrides something.";
    public override string Why => "ExtProcPerRoute without disabled and without overrides means nothing, and Envoy refuses it. An empty overrides passes.";
    public override IReadOnlyList<string> Sources => ["ExtProcPerRoute.override", "FilterConfig.config"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute # EP010

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
        disabled: true

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
    [
        .. from route in context.Policies.Overrides
           where !route.Config.Has("disabled") && !route.Config.Has("overrides")
           select At(route.Document, route.Config.PlaceOf("overrides"), "this ExtProcPerRoute sets neither disabled nor overrides", "set disabled: true, or overrides"),
        .. from slot in context.Policies.Slots
           where slot is { Kind: SlotKind.PerRoute, Any: null, Place.Node: null }
           select At(slot.Document, slot.Place, "this FilterConfig has no config", "set config, or disabled: true"),
    ];
}
