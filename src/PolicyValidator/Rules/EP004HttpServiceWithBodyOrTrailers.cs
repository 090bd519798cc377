
namespace PolicyValidator.Rules;

/// <summary>Bodies or trailers for an HTTP service.</summary>
internal sealed class EP004HttpServiceWithBodyOrTrailers : Rule
{
    private static readonly (string Field, Func<string, bool> IsSent)[] Parts =
    [
        ("processing_mode.request_body_mode", mode => mode != "NONE"),
        ("processing_mode.response_body_mode", mode => mode != "NONE"),
        ("processing_mode.request_trailer_mode", mode => mode == "SEND"),
        ("processing_mode.response_trailer_mode", mode => mode == "SEND"),
    ];

    public override string Id => "EP004";
    public override string Name => "http-service-with-body-or-trailers";
    public override Severity Severity => Severity.Error;
    public override VersionSet Versions => VersionSet.Since("1.32");
    public override string Summary => "A processor behind http_service is sent headers only.";
    public override string Why => "The HTTP client sends one request a message and has no stream, so Envoy refuses modes that send bodies or trailers.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.http_service", "source/extensions/filters/http/ext_proc/config.cc, verifyFilterConfig"];
    public override string Bad => """
        http_service:
          http_service:
            http_uri:
              uri: http://processor:9000/
              cluster: processor
              timeout: 1s
        processing_mode:
          request_body_mode: BUFFERED # EP004

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: processor
        processing_mode:
          request_body_mode: BUFFERED

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        where filter.Config.Has("http_service")
        from part in Parts
        let mode = filter.Config.Enum(part.Field)
        where part.IsSent(mode.Value)
        select At(filter.Document, mode.Place, $"{part.Field[(part.Field.IndexOf('.', StringComparison.Ordinal) + 1)..]} is {mode.Value}, but the processor is an http_service", "remove it, or ask the processor over grpc_service");
}
