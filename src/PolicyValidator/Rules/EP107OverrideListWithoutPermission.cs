using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A list of allowed overrides in a filter that allows none.</summary>
internal sealed class EP107OverrideListWithoutPermission : Rule
{
    public override string Id => "EP107";
    public override string Name => "override-list-without-permission";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.32");
    public override string Summary => "allowed_override_modes does nothing without allow_mode_override: true.";
    public override string Why => "Without allow_mode_override Envoy drops every mode_override of the processor, also one that the list has.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.allowed_override_modes"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allowed_override_modes: # EP107
        - request_body_mode: BUFFERED

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allow_mode_override: true
        allowed_override_modes:
        - request_body_mode: BUFFERED

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        where filter.Config.Has("allowed_override_modes") && !filter.Config.Bool("allow_mode_override").Value
        // Where permission could have no effect either, a rule of its own says so.
        where !WrittenMode.Of(filter).HasBody("FULL_DUPLEX_STREAMED")
        select AtKey(
            filter.Document,
            filter.Config.PlaceOf("allowed_override_modes"),
            "allowed_override_modes has no effect while allow_mode_override is false",
            PermissionHelps(filter) ? "set allow_mode_override: true beside it, or delete the list" : "delete the list");

    private static bool PermissionHelps(ExtProcFilter filter) =>
        !filter.IsObserver
        && !filter.Config.Bool("send_body_without_waiting_for_header_response").Value
        && !WrittenMode.AllowedOf(filter).Any(entry => EP108OverrideEntryNeverMatches.Unequal(filter, entry).Any());
}
