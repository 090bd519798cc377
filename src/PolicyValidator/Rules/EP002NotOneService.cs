
namespace PolicyValidator.Rules;

/// <summary>Both services, or none.</summary>
internal sealed class EP002NotOneService : Rule
{
    public override string Id => "EP002";
    public override string Name => "not-one-service";
    public override Severity Severity => Severity.Error;
    public override VersionSet Versions => VersionSet.Since("1.26");
    public override string Summary => "A filter needs a grpc_service or, from Envoy 1.32 on, an http_service, and not both.";
    public override string Why => "Envoy would not know whom to ask, so it refuses the whole configuration.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.grpc_service, http_service", "source/extensions/filters/http/ext_proc/config.cc, verifyFilterConfig"];
    public override string Bad => """
        failure_mode_allow: true # EP002

        """;
    public override string Good => """
        failure_mode_allow: true
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let grpc = filter.Config.Has("grpc_service")
        let http = filter.Config.Has("http_service")
        where grpc == http
        select grpc
            ? At(filter.Document, filter.Config.PlaceOf("http_service"), "http_service stands beside grpc_service", "keep one of the two")
            : At(filter.Document, filter.Config.PlaceOf("grpc_service"), "this filter has no grpc_service", "set grpc_service with the cluster of the processor");
}
