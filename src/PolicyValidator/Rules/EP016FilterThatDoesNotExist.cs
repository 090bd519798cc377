using PolicyValidator.Decoding;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A filter, or per-route config, of a type that no filter has.</summary>
internal sealed class EP016FilterThatDoesNotExist : Rule
{
    public override string Id => "EP016";
    public override string Name => "filter-that-does-not-exist";
    public override Severity Severity => Severity.Error;
    public override bool IsAboutNames => true;
    public override string Summary => "An HTTP filter is found by the type of its configuration, whatever its name is.";
    public override string Why => "Envoy has no filter of this type, or none that can stand here, and refuses the whole configuration.";
    public override IReadOnlyList<string> Sources => ["HttpFilter.typed_config, is_optional", "Route.typed_per_filter_config"];
    public override string Bad => """
        name: envoy.filters.http.ext_proc
        typed_config: {} # EP016

        """;
    public override string Good => """
        name: envoy.filters.http.ext_proc
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
          grpc_service:
            envoy_grpc:
              cluster_name: ext_proc

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from slot in context.Policies.Slots
        where !slot.IsOptional && slot.Any is null == (slot.Place.Node is null)
        let type = slot.Any?.TypeName ?? ""
        where IsUnknown(slot, type, context.Target)
        select At(slot.Document, TypePlace.Of(slot.Place), Message(slot, type), slot.Kind == SlotKind.PerRoute
            ? $"write \"@type\": type.googleapis.com/{TypeUrls.PerRoute}"
            : $"write \"@type\": type.googleapis.com/{TypeUrls.Filter}");

    private static bool IsUnknown(FilterSlot slot, string type, Target target) => (slot.Kind, type) switch
    {
        (SlotKind.PerRoute, "") => slot.Any is not null,
        (_, "") => true,
        (SlotKind.UpstreamHttpFilter, _) when EnvoyExtensions.IsUpstreamHttpFilter(type, target.Version) => false,
        (not SlotKind.UpstreamHttpFilter, _) when EnvoyExtensions.IsHttpFilter(type, target.Version) => false,
        // A type of somebody's own build is not judged, unless it is said to be ext_proc.
        _ => TypeUrls.IsEnvoysOwn(type) || TypeUrls.SpeaksOfExtProc(slot.Name),
    };

    private static string Message(FilterSlot slot, string type) => type.Length == 0
        ? $"'{slot.Name}' does not say the type of its config"
        : $"'{slot.Name}' has the type '{Described.Short(type)}', which no filter that can stand here has";
}
