using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A setting that only matters for answers, in a filter that drops them.</summary>
internal sealed class EP114DeadSettingInObservability : Rule
{
    public override string Id => "EP114";
    public override string Name => "dead-setting-in-observability";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.31");
    public override string Summary => "Settings about the answers of the processor do nothing in observability mode.";
    public override string Why =>
        "With observability_mode Envoy sends messages without waiting and drops every answer: nothing is changed, overridden or timed.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.observability_mode"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        observability_mode: true
        failure_mode_allow: true
        message_timeout: 1s # EP114

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        observability_mode: true
        failure_mode_allow: true

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        where filter.Config.Bool("observability_mode").Value
        from field in Fields
        where field is "allow_mode_override" or "disable_immediate_response" ? filter.Config.Bool(field).Value : IsSet(filter.Config, field)
        select AtKey(
            filter.Document,
            filter.Config.PlaceOf(field),
            $"{field[(field.LastIndexOf('.') + 1)..]} has no effect in observability mode, where answers are dropped",
            "delete it, or turn observability_mode off");

    private static readonly string[] Fields =
        ["allow_mode_override", "mutation_rules", "message_timeout", "disable_immediate_response", "metadata_options.receiving_namespaces"];

    /// <summary>An empty message of namespaces receives nothing anyway.</summary>
    private static bool IsSet(ConfigMessage config, string field) => field == "metadata_options.receiving_namespaces"
        ? config.Has(field + ".untyped") || config.Has(field + ".typed")
        : config.Has(field);
}
