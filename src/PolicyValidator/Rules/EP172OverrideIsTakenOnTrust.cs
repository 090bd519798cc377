using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A server that takes it on trust that Envoy takes overrides.</summary>
internal sealed class EP172OverrideIsTakenOnTrust : Rule
{
    public override string Id => "EP172";
    public override string Name => "override-is-taken-on-trust";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "No body that must be seen depends on an operator's word for the filter.";
    public override string Why => "When the filter, a copy of it or a route's no longer takes the override, bodies pass unprocessed and nobody is told.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.allow_mode_override", "extproc.yaml, envoy"];
    public override string Bad => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allow_mode_override: true
        ---
        listen: 127.0.0.1:9000
        limits: {handlerTimeout: 100ms}
        pipeline:
        - name: replace
          text: secret
          by: "******"
          in: request
        envoy:
          allowModeOverride: true
          trustModeOverride: true # EP172

        """;
    public override string Good => Bad.Replace("trustModeOverride: true # EP172", "version: \"1.40\"", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from needs in OverrideNeed.All(context.Policies)
        let server = needs.Key.Server
        let trusting = needs.FirstOrDefault(need => !need.IsProven)
        where server.TrustsOverrides && trusting is not null && needs.All(need => need.IsTaken)
        select At(
            server.Document,
            server.At("envoy.trustModeOverride")!,
            $"{trusting.Direction.Word} bodies reach the processor \"{trusting.Step.Name}\" only as long as the filter takes overrides, and nothing shows when it does not",
            $"write {trusting.Direction.BodyMode} in the filter's processing_mode, or declare envoy.version if it is 1.40 or later, where an override that is not taken fails the exchange") with
        {
            Severity = needs.Key.IsSure ? Severity.Warning : Severity.Hint,
            Related = [RelatedPlace.At(trusting.Filter.Document, trusting.Filter.Config.Bool("allow_mode_override").Place, "the filter")],
        };
}
