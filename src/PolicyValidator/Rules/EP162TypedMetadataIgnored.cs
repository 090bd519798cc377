using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A namespace for typed metadata that Envoy does not read yet.</summary>
internal sealed class EP162TypedMetadataIgnored : Rule
{
    public override string Id => "EP162";
    public override string Name => "typed-metadata-ignored";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Until("1.39");
    public override Target ExampleTarget => Target.Parse("envoy=1.39")!;
    public override string Summary => "metadata_options.receiving_namespaces.typed needs Envoy 1.40.";
    public override string Why =>
        "Before 1.40 Envoy does not take typed_dynamic_metadata from a processor: what it sends is dropped.";
    public override IReadOnlyList<string> Sources => ["MetadataOptions.receiving_namespaces", "ProcessingResponse.typed_dynamic_metadata"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        metadata_options:
          receiving_namespaces:
            typed: [processor] # EP162

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        metadata_options:
          receiving_namespaces:
            untyped: [processor]

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from config in MetadataReceivers(context.Policies)
        where config.Config.Has(config.Path + "typed")
        select AtKey(
            config.Document,
            config.Config.PlaceOf(config.Path + "typed"),
            "receiving_namespaces.typed has no effect in this Envoy",
            "use receiving_namespaces.untyped and dynamic_metadata, or Envoy 1.40 or later");

    private static IEnumerable<(SourceDocument Document, ConfigMessage Config, string Path)> MetadataReceivers(PolicySet policies) =>
    [
        .. policies.Filters.Select(filter => (filter.Document, filter.Config, "metadata_options.receiving_namespaces.")),
        .. policies.Overrides.Select(route => (route.Document, route.Config, "overrides.metadata_options.receiving_namespaces.")),
    ];
}
