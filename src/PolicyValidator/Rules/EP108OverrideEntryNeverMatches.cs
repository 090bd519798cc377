using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An entry of the list of allowed overrides that no override can equal.</summary>
internal sealed class EP108OverrideEntryNeverMatches : Rule
{
    public override string Id => "EP108";
    public override string Name => "override-entry-never-matches";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.32");
    public override string Summary => "An entry of allowed_override_modes has to repeat the modes that the filter sets explicitly.";
    public override string Why =>
        "Envoy compares the mode that an override leads to with the entries letter by letter: where the filter says SEND or SKIP, an entry that leaves the field at DEFAULT is never equal, and the override is dropped without a word.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.allowed_override_modes"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allow_mode_override: true
        processing_mode: {response_header_mode: SEND}
        allowed_override_modes:
        - request_body_mode: BUFFERED # EP108

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allow_mode_override: true
        processing_mode: {response_header_mode: SEND}
        allowed_override_modes:
        - request_body_mode: BUFFERED
          response_header_mode: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        // In full duplex no override is taken at all, as a rule of its own says.
        where filter.Config.Bool("allow_mode_override").Value && !WrittenMode.Of(filter).HasBody("FULL_DUPLEX_STREAMED")
        from entry in WrittenMode.AllowedOf(filter)
        from field in Unequal(filter, entry)
        let own = WrittenMode.Of(filter)
        select At(
            filter.Document,
            entry.Config.PlaceOf(field),
            $"no override can equal this entry: it leaves {field} at DEFAULT, and the filter sets it to {own.Config.Enum(own.Path + field).Value}",
            $"add {field}: {own.Config.Enum(own.Path + field).Value} to the entry");

    /// <summary>The fields that an entry leaves at DEFAULT although the filter sets them.</summary>
    internal static IEnumerable<string> Unequal(ExtProcFilter filter, WrittenMode entry)
    {
        WrittenMode own = WrittenMode.Of(filter);
        return Compared.Where(field => entry.Config.Enum(field).Value == "DEFAULT" && own.Config.Enum(own.Path + field).Value != "DEFAULT");
    }

    /// <summary>The request headers' mode is not compared, and body modes have no default that means "unchanged".</summary>
    private static readonly string[] Compared = ["response_header_mode", "request_trailer_mode", "response_trailer_mode"];
}
