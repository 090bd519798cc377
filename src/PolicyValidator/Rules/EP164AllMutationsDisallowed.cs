namespace PolicyValidator.Rules;

/// <summary>Rules that let the processor change nothing.</summary>
internal sealed class EP164AllMutationsDisallowed : Rule
{
    public override string Id => "EP164";
    public override string Name => "all-mutations-disallowed";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.22");
    public override string Summary => "mutation_rules.disallow_all lets no header change of the processor through.";
    public override string Why =>
        "Every header that the processor sets or removes is skipped without a word, or answered with 500 when disallow_is_error is set; what it decides never takes effect.";
    public override IReadOnlyList<string> Sources => ["HeaderMutationRules.disallow_all"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        mutation_rules: {disallow_all: true} # EP164

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        mutation_rules: {allow_expression: {regex: "^x-processor-"}}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let all = filter.Config.Bool("mutation_rules.disallow_all")
        where all.Value && !filter.Config.Bool("observability_mode").Value
        select At(
            filter.Document,
            all.Place,
            "disallow_all is true, so no header change of the processor takes effect",
            "allow what the processor needs with allow_expression, or use observability_mode without mutation_rules if it is only to watch");
}
