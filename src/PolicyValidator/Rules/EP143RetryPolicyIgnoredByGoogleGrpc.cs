using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Retries for Google's gRPC client.</summary>
internal sealed class EP143RetryPolicyIgnoredByGoogleGrpc : Rule
{
    public override string Id => "EP143";
    public override string Name => "retry-policy-ignored-by-google-grpc";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "grpc_service.retry_policy does nothing with google_grpc.";
    public override string Why =>
        "Only the envoy_grpc client retries; with google_grpc a processor that is away fails the request at the first try.";
    public override IReadOnlyList<string> Sources => ["GrpcService.retry_policy"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          google_grpc: {target_uri: "processor:9000", stat_prefix: processor}
          retry_policy: {retry_on: unavailable} # EP143

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          envoy_grpc: {cluster_name: processor}
          retry_policy: {retry_on: unavailable}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from service in GrpcServiceUse.All(context.Policies)
        where service.Config.Has(service.Path + "google_grpc") && service.Config.Has(service.Path + "retry_policy")
        select AtKey(
            service.Document,
            service.Config.PlaceOf(service.Path + "retry_policy"),
            "retry_policy has no effect beside google_grpc",
            "use envoy_grpc, or delete it");
}
