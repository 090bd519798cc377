using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Permission to override the mode, in a filter whose full-duplex mode forbids it.</summary>
internal sealed class EP104OverrideIgnoredInFullDuplex : Rule
{
    public override string Id => "EP104";
    public override string Name => "override-ignored-in-full-duplex";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.33");
    public override string Summary => "allow_mode_override and allowed_override_modes do nothing when the filter's own mode is FULL_DUPLEX_STREAMED.";
    public override string Why =>
        "Envoy drops every mode_override of the processor without a word when either body mode of the filter is FULL_DUPLEX_STREAMED, also on routes with another mode.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.allow_mode_override", "ProcessingResponse.mode_override"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allow_mode_override: true # EP104
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        where WrittenMode.Of(filter).HasBody("FULL_DUPLEX_STREAMED")
        let isAllowed = filter.Config.Bool("allow_mode_override").Value
        where isAllowed || filter.Config.Has("allowed_override_modes")
        select AtKey(
            filter.Document,
            filter.Config.PlaceOf(isAllowed ? "allow_mode_override" : "allowed_override_modes"),
            $"{filter.OverridePermission} can have no effect, because a body mode of this filter is FULL_DUPLEX_STREAMED",
            $"delete {filter.OverridePermission}, or give the filter another body mode and let the processor ask for FULL_DUPLEX_STREAMED");
}
