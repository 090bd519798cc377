using PolicyValidator.Decoding;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>The filter's config on a route, or the route's in a filter.</summary>
internal sealed class EP015ConfigOfAnotherPlace : Rule
{
    public override string Id => "EP015";
    public override string Name => "config-of-another-place";
    public override Severity Severity => Severity.Error;
    public override string Summary => "A filter takes an ExternalProcessor, a route an ExtProcPerRoute.";
    public override string Why => "Envoy finds the ext_proc filter by either type, then cannot unpack the message that belongs to the other place.";
    public override IReadOnlyList<string> Sources => ["HttpFilter.typed_config", "Route.typed_per_filter_config"];
    public override string Bad => """
        envoy.filters.http.ext_proc:
          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor # EP015
          grpc_service:
            envoy_grpc:
              cluster_name: ext_proc

        """;
    public override string Good => """
        envoy.filters.http.ext_proc:
          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
          overrides:
            grpc_service:
              envoy_grpc:
                cluster_name: ext_proc

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from slot in context.Policies.Slots
        let wanted = slot.Kind == SlotKind.PerRoute ? TypeUrls.PerRoute : TypeUrls.Filter
        where slot.Any?.TypeName is TypeUrls.Filter or TypeUrls.PerRoute && slot.Any.TypeName != wanted
        select At(slot.Document, TypePlace.Of(slot.Place), $"{slot.Any!.TypeName.Split('.')[^1]} stands where {wanted.Split('.')[^1]} belongs", $"write type.googleapis.com/{wanted} and its fields");
}
