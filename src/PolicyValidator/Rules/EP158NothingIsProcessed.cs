using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A filter that sends nothing.</summary>
internal sealed class EP158NothingIsProcessed : Rule
{
    public override string Id => "EP158";
    public override string Name => "nothing-is-processed";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A processing mode has to send something.";
    public override string Why =>
        "With headers SKIP, bodies NONE and trailers SKIP no stream to the processor is ever opened: traffic passes as if the filter were not there.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.processing_mode"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode: # EP158
          request_header_mode: SKIP
          response_header_mode: SKIP

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode:
          request_header_mode: SEND
          response_header_mode: SKIP

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let mode = WrittenMode.Of(filter)
        where !mode.SendsAnything && !IsSwitchedOnByRoute(context.Policies, filter)
        select AtKey(
            filter.Document,
            filter.Config.PlaceOf("processing_mode"),
            "this processing mode sends nothing, so the processor is never asked",
            "send headers, a body or trailers, or take the filter out");

    private static bool IsSwitchedOnByRoute(PolicySet policies, ExtProcFilter filter) => policies.OverridesOf(filter)
        .Any(route => WrittenMode.Of(route) is { SendsAnything: true });
}
