using PolicyValidator.Expressions.Cel;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An expression of a request modifier that is no CEL.</summary>
internal sealed class EP170MappedAttributeNotCel : Rule
{
    public override string Id => "EP170";
    public override string Name => "mapped-attribute-not-cel";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.36");
    public override string Summary => "The expressions of mapped_request_attributes and mapped_response_attributes have to be CEL that Envoy can build.";
    public override string Why =>
        "Envoy checks the attributes of the filter when it loads them, but not these: the configuration is accepted, and the attribute does not reach the processor.";
    public override IReadOnlyList<string> Sources => ["MappedAttributeBuilder.mapped_request_attributes, mapped_response_attributes"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_request_modifier:
          name: attributes
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.http.ext_proc.processing_request_modifiers.mapped_attribute_builder.v3.MappedAttributeBuilder
            mapped_request_attributes:
              path: request.[ # EP170

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_request_modifier:
          name: attributes
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.http.ext_proc.processing_request_modifiers.mapped_attribute_builder.v3.MappedAttributeBuilder
            mapped_request_attributes:
              path: request.path

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from modifier in Modifiers(context.Policies)
        from map in (string[])["mapped_request_attributes", "mapped_response_attributes"]
        where modifier.Config.Type.FindFieldByName(map) is not null
        from entry in modifier.Config.Map(map)
        let problem = CelExpression.Check(entry.Value.Value as string ?? "", context.Target.Version)
        where problem is not null
        select At(
            modifier.Document,
            entry.Value.Node,
            $"the expression of the attribute \"{entry.Key.Value}\" is refused: {problem.Message}",
            "write an expression such as request.path or request.headers['x-user']");

    private static IEnumerable<(SourceDocument Document, ConfigMessage Config)> Modifiers(PolicySet policies) =>
        policies.Filters.Select(filter => (filter.Document, Config: filter.Config.Message("processing_request_modifier")?.Any("typed_config")?.Message))
            .Concat(policies.Overrides.Select(route => (route.Document, Config: route.Config.Message("overrides.processing_request_modifier")?.Any("typed_config")?.Message)))
            .Where(modifier => modifier.Config is not null)
            .Select(modifier => (modifier.Document, modifier.Config!));
}
