using PolicyValidator.Decoding;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An extension inside ext_proc that does not exist.</summary>
internal sealed class EP008ExtensionThatDoesNotExist : Rule
{
    public override string Id => "EP008";
    public override string Name => "extension-that-does-not-exist";
    public override Severity Severity => Severity.Error;
    public override VersionSet Versions => VersionSet.Since("1.34");
    public override bool IsAboutNames => true;
    public override string Summary => "processing_request_modifier and on_processing_response name an extension of their kind by its type.";
    public override string Why => "Envoy looks the extension up by the type URL; what it does not find it refuses. The name is free text.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.processing_request_modifier, on_processing_response", "ExtProcOverrides.processing_request_modifier"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        on_processing_response:
          name: save
          typed_config:
            "@type": type.googleapis.com/google.protobuf.Struct # EP008

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        on_processing_response:
          name: save
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.http.ext_proc.response_processors.save_processing_response.v3.SaveProcessingResponse

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from config in context.Policies.Filters.Select(filter => (filter.Document, filter.Config, Prefix: ""))
            .Concat(context.Policies.Overrides.Select(route => (route.Document, route.Config, Prefix: "overrides.")))
        from slot in new[] { (Field: "processing_request_modifier", Type: TypeUrls.ModifierType), (Field: "on_processing_response", Type: TypeUrls.ResponseProcessorType) }
        where config.Prefix.Length == 0 || slot.Field == "processing_request_modifier"
        let any = config.Config.Any($"{config.Prefix}{slot.Field}.typed_config")
        where any is not null && any.TypeName != slot.Type
        let place = config.Config.PlaceOf($"{config.Prefix}{slot.Field}.typed_config")
        select At(config.Document, TypePlace.Of(place), $"{slot.Field} has no extension of type '{any.TypeName}'", $"write type.googleapis.com/{slot.Type}");
}
