
namespace PolicyValidator.Rules;

/// <summary>Failing open in full duplex, which one release refuses.</summary>
internal sealed class EP005FailOpenRefusedInFullDuplex : Rule
{
    public override string Id => "EP005";
    public override string Name => "fail-open-refused-in-full-duplex";
    public override Severity Severity => Severity.Error;
    public override VersionSet Versions => VersionSet.Between("1.35.0", "1.35.0");
    public override Target ExampleTarget => Target.Parse("envoy=1.35.0")!;
    public override string Summary => "Envoy 1.35.0 refuses failure_mode_allow beside a FULL_DUPLEX_STREAMED body.";
    public override string Why => "This release alone holds that a body that was partly sent cannot be given back; 1.35.1 took the check out again.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.failure_mode_allow", "envoyproxy/envoy#39740, reverted by envoyproxy/envoy#40503"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        failure_mode_allow: true # EP005
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let open = filter.Config.Bool("failure_mode_allow")
        let bodies = new[] { filter.Config.Enum("processing_mode.request_body_mode"), filter.Config.Enum("processing_mode.response_body_mode") }
        where open.Value && bodies.Any(body => body.Value == "FULL_DUPLEX_STREAMED")
        select At(filter.Document, open.Place, "failure_mode_allow is true beside a FULL_DUPLEX_STREAMED body", "remove failure_mode_allow, or run Envoy 1.35.1 or later");
}
