using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A deadline for a stream that has none.</summary>
internal sealed class EP245GrpcTimeoutIgnored : Rule
{
    public override string Id => "EP245";
    public override string Name => "grpc-timeout-ignored";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "grpc_service.timeout does nothing in ext_proc.";
    public override string Why =>
        "The stream to the processor has no deadline; each message has message_timeout, 200ms by default. Control planes often write this field; by hand it is usually meant as message_timeout.";
    public override IReadOnlyList<string> Sources => ["GrpcService.timeout"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          envoy_grpc: {cluster_name: processor}
          timeout: 5s # EP245

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          envoy_grpc: {cluster_name: processor}
        message_timeout: 5s

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from service in GrpcServiceUse.All(context.Policies)
        where service.Config.Has(service.Path + "timeout")
        select AtKey(
            service.Document,
            service.Config.PlaceOf(service.Path + "timeout"),
            "grpc_service.timeout has no effect in ext_proc",
            service.IsOfRoute ? "delete it; only the filter has a message_timeout"
                : CanWait(service.Config) ? "use message_timeout, and max_message_timeout for what the processor may ask for"
                : "delete it; answers are not timed in this mode");

    /// <summary>Whether the filter waits for answers with a timer.</summary>
    private static bool CanWait(ConfigMessage filter) =>
        !filter.Bool("observability_mode").Value && Direction.Both.All(direction => filter.Enum("processing_mode." + direction.BodyMode).Value != "FULL_DUPLEX_STREAMED");
}
