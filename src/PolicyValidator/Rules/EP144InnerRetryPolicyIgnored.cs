using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Retries one level too deep.</summary>
internal sealed class EP144InnerRetryPolicyIgnored : Rule
{
    public override string Id => "EP144";
    public override string Name => "inner-retry-policy-ignored";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "Retries to the processor belong in grpc_service.retry_policy and not in envoy_grpc.retry_policy.";
    public override string Why =>
        "envoy_grpc.retry_policy is for xDS streams only: ext_proc does not look at it, and a processor that is away fails the request at the first try.";
    public override IReadOnlyList<string> Sources => ["EnvoyGrpc.retry_policy", "GrpcService.retry_policy"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          envoy_grpc:
            cluster_name: processor
            retry_policy: {retry_on: unavailable} # EP144

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          envoy_grpc:
            cluster_name: processor
          retry_policy: {retry_on: unavailable}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from service in GrpcServiceUse.All(context.Policies)
        where service.Config.Has(service.Path + "envoy_grpc.retry_policy")
        select AtKey(
            service.Document,
            service.Config.PlaceOf(service.Path + "envoy_grpc.retry_policy"),
            "ext_proc does not look at envoy_grpc.retry_policy",
            "move it one level up, to grpc_service.retry_policy");
}
