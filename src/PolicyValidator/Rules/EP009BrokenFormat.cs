using PolicyValidator.Decoding;
using PolicyValidator.Expressions.Formats;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A format string of an HTTP service's headers that Envoy cannot read.</summary>
internal sealed class EP009BrokenFormat : Rule
{
    private const string Service = "http_service.http_service";
    private const string WithoutQuery = "envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery";

    public override string Id => "EP009";
    public override string Name => "broken-format";
    public override Severity Severity => Severity.Error;
    public override VersionSet Versions => VersionSet.Since("1.38");
    public override string Summary => "The headers added to an http_service's requests hold only commands that Envoy, or a declared formatter, knows.";
    public override string Why => "From Envoy 1.38 on these values are format strings, checked when Envoy loads; before, any text passed.";
    public override IReadOnlyList<string> Sources => ["HttpService.request_headers_to_add, formatters", "source/common/formatter/substitution_formatter.cc"];
    public override string Bad => Example("100% # EP009");
    public override string Good => Example("100%%");

    public override IEnumerable<Finding> Check(RuleContext context) =>
        context.Policies.Filters.SelectMany(filter => UnknownFormatters(filter, context.Target).Concat(BrokenValues(filter, context.Target)));

    private IEnumerable<Finding> UnknownFormatters(ExtProcFilter filter, Target target) =>
        from formatter in filter.Config.Messages($"{Service}.formatters")
        let any = formatter.Any("typed_config")
        where any is not null && !EnvoyExtensions.IsFormatter(any.TypeName, target.Version)
        select At(filter.Document, TypePlace.Of(formatter.PlaceOf("typed_config")), $"there is no formatter of type '{any.TypeName}'", "remove it, or write the type of a formatter under envoy.extensions.formatter");

    private IEnumerable<Finding> BrokenValues(ExtProcFilter filter, Target target) =>
        from option in filter.Config.Messages($"{Service}.request_headers_to_add")
        let value = option.String("header.value")
        let problem = FormatString.Check(value.Value, target.Version, Declared(filter))
        where problem is not null
        select At(filter.Document, value.Place, $"'{Described.Short(value.Value)}': {problem}", "write a command of Envoy's access logs, such as %REQ(:path)%, or plain text");

    /// <summary>What the formatters add; null when not all of them are known here.</summary>
    private static string[]? Declared(ExtProcFilter filter)
    {
        string[] types = [.. filter.Config.Messages($"{Service}.formatters").Select(formatter => formatter.Any("typed_config")?.TypeName ?? "")];
        return types.All(type => type == WithoutQuery) ? types.Length == 0 ? [] : ["REQ_WITHOUT_QUERY"] : null;
    }

    private static string Example(string value) => $$"""
        http_service:
          http_service:
            http_uri:
              uri: http://processor:9000/
              cluster: processor
              timeout: 1s
            request_headers_to_add:
            - header:
                key: x-share
                value: {{value}}

        """;
}
