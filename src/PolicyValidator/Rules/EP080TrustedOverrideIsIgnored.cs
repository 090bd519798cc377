using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A server that trusts a filter to take overrides, and the filter does not.</summary>
internal sealed class EP080TrustedOverrideIsIgnored : Rule
{
    public override string Id => "EP080";
    public override string Name => "trusted-override-is-ignored";
    public override Severity Severity => Severity.Error;
    public override string Summary => "A server is told to trust overrides only of a filter that takes them.";
    public override string Why => "Envoy ignores the override and says nothing of it, so that bodies pass a processor that must not be left out.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.allow_mode_override", "extproc.yaml, envoy"];
    public override string Bad => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        ---
        listen: 127.0.0.1:9000
        limits: {handlerTimeout: 100ms}
        pipeline:
        - name: replace
          text: secret
          by: "******"
          in: request
        envoy:
          allowModeOverride: true # EP185
          trustModeOverride: true # EP080

        """;
    public override string Good => "allow_mode_override: true\nprocessing_mode: {request_body_mode: BUFFERED}\n" + Bad
        .Replace(" # EP185", "", StringComparison.Ordinal)
        .Replace("  trustModeOverride: true # EP080\n", "", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from needs in OverrideNeed.All(context.Policies)
        let server = needs.Key.Server
        let ignored = needs.FirstOrDefault(need => !need.IsTaken && !need.IsProven)
        where server.TrustsOverrides && ignored is not null && (needs.Key.IsSure || needs.All(need => !need.IsTaken && !need.IsProven))
        select At(
            server.Document,
            server.At("envoy.trustModeOverride")!,
            $"the filter takes no override that would bring {ignored.Direction.Word} bodies, which so pass the processor \"{ignored.Step.Name}\" unprocessed",
            $"write {ignored.Direction.BodyMode} in the filter's processing_mode, or allow_mode_override: true in the filter") with
        {
            Severity = needs.Key.IsSure ? Severity.Error : Severity.Hint,
            Related = [RelatedPlace.At(ignored.Filter.Document, ignored.Filter.Config.Bool("allow_mode_override").Place, "the filter")],
        };
}
