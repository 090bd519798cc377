using PolicyValidator.Expressions.Cel;

namespace PolicyValidator.Rules;

/// <summary>An attribute that is not a CEL expression which Envoy can build.</summary>
internal sealed class EP006UncompilableAttribute : Rule
{
    private static readonly string[] Lists = ["request_attributes", "response_attributes"];

    public override string Id => "EP006";
    public override string Name => "uncompilable-attribute";
    public override Severity Severity => Severity.Error;
    public override VersionSet Versions => VersionSet.Since("1.30");
    public override string Summary => "An attribute is a CEL expression that parses and calls only what Envoy offers.";
    public override string Why => "Envoy compiles the filter's attributes when it loads, without comprehensions, and refuses what it cannot compile. Unknown names pass, and are absent at run time.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.request_attributes, response_attributes", "source/extensions/filters/http/ext_proc/matching_utils.cc"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        request_attributes:
        - request.[ # EP006

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        request_attributes:
        - request.path

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        from list in Lists
        from attribute in filter.Config.Strings(list)
        let problem = CelExpression.Check(attribute.Value, context.Target.Version)
        where problem is not null
        select At(filter.Document, attribute.Place, problem.Message, "name an attribute, such as request.path, or write an expression without macros and unknown functions");
}
