using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An attribute that Envoy does not have.</summary>
internal sealed class EP151UnknownAttribute : Rule
{
    private const string Mapper = "processing_request_modifier";

    public override string Id => "EP151";
    public override string Name => "unknown-attribute";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "The attributes that a processor is to be sent are ones that Envoy has.";
    public override string Why => "Envoy takes any name and sends nothing for one that it does not know: the processor never sees the attribute, and nobody is told.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.request_attributes, response_attributes", "MappedAttributeBuilder.mapped_request_attributes", "Envoy's list of attributes"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        request_attributes:
        - request.url_path
        - request.user_agent # EP151
        - request.headers['x-user']

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        request_attributes:
        - request.url_path
        - request.useragent
        - request.headers['x-user']

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from attribute in Attributes(context.Policies)
        let problem = EnvoyAttributes.Problem(attribute.Text, context.Target.Version)
        where problem is not null
        select At(
            attribute.Document,
            attribute.Place,
            problem.Value.Message,
            problem.Value.Help);

    private static IEnumerable<(SourceDocument Document, Place Place, string Text)> Attributes(PolicySet policies) =>
        policies.Filters.SelectMany(filter => Of(filter.Document, filter.Config, ""))
            .Concat(policies.Overrides.SelectMany(route => Of(route.Document, route.Config, "overrides.")));

    private static IEnumerable<(SourceDocument Document, Place Place, string Text)> Of(SourceDocument document, ConfigMessage config, string path)
    {
        ConfigMessage? mapper = config.Message(path + Mapper)?.Any("typed_config")?.Message;
        return
        [
            .. from field in (string[])["request_attributes", "response_attributes"]
               from attribute in config.Strings(path + field)
               select (document, attribute.Place, attribute.Value),
            .. from map in (string[])["mapped_request_attributes", "mapped_response_attributes"]
               where mapper?.Type.FindFieldByName(map) is not null
               from entry in mapper!.Map(map)
               select (document, ConfigMessage.PlaceOf(entry.Value.Node), entry.Value.Value as string ?? ""),
        ];
    }
}
