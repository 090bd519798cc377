using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A status for failures that is no error.</summary>
internal sealed class EP129StatusOnErrorNotAnError : Rule
{
    public override string Id => "EP129";
    public override string Name => "status-on-error-not-an-error";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.36");
    public override string Summary => "status_on_error takes a 4xx or 5xx code.";
    public override string Why =>
        "Envoy accepts any status of its enum here, and answers 500 when the code is below 400.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.status_on_error"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        status_on_error: {code: Found} # EP129

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        status_on_error: {code: ServiceUnavailable}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let code = filter.Config.Enum("status_on_error.code")
        let number = NumberOf(filter.Config, code)
        where number is (> 0 and < 400) or > 599
        select At(
            filter.Document,
            code.Place,
            $"status_on_error is {code.Value} ({number}), and Envoy will answer 500 instead",
            "use a code from 400 to 599, such as ServiceUnavailable");

    private static int NumberOf(ConfigMessage config, Located<string> code) =>
        config.Message("status_on_error")?.Type.FindFieldByName("code").EnumType.FindValueByName(code.Value)?.Number ?? 0;
}
