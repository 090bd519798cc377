using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A server that would rely on overrides of which nobody knows whether they are taken.</summary>
internal sealed class EP140OverrideIsNotProven : Rule
{
    public override string Id => "EP140";
    public override string Name => "override-is-not-proven";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "Bodies that only an override would bring are needed only where it is known whether Envoy took it.";
    public override string Why => "Envoy before 1.40 never says whether it took an override, so the server asks for none where a processor must not be left out: it refuses to start, or every exchange with a body.";
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
          allowModeOverride: true # EP140

        """;
    public override string Good => Bad.Replace("allowModeOverride: true # EP140", "allowModeOverride: true\n  version: \"1.40\"", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from needs in OverrideNeed.All(context.Policies)
        let server = needs.Key.Server
        let unproven = needs.FirstOrDefault(need => need.IsTaken && !need.IsProven)
        where !server.TrustsOverrides && unproven is not null
        select At(
            server.Document,
            server.At("envoy.allowModeOverride")!,
            $"only an override would bring {unproven.Direction.Word} bodies to the processor \"{unproven.Step.Name}\", and nothing would show whether Envoy took it",
            $"write {unproven.Direction.BodyMode} in the filter's processing_mode, or declare envoy.version if it is 1.40 or later, or vouch for the filter with envoy.trustModeOverride: true") with
        {
            Severity = needs.Key.IsSure ? Severity.Warning : Severity.Hint,
            Related = [RelatedPlace.At(unproven.Filter.Document, WrittenMode.Of(unproven.Filter).Body(unproven.Direction).Place, "the filter")],
        };
}
