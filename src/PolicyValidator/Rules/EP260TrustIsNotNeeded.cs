using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A server that trusts overrides and needs none, or sees whether they are taken.</summary>
internal sealed class EP260TrustIsNotNeeded : Rule
{
    public override string Id => "EP260";
    public override string Name => "trust-is-not-needed";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "trustModeOverride is set only where a body depends on it.";
    public override string Why => "It does nothing today, and lets bodies pass unprocessed on the day on which a mode is changed.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.allow_mode_override", "extproc.yaml, envoy"];
    public override string Bad => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode: {request_body_mode: BUFFERED}
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
          trustModeOverride: true # EP260

        """;
    public override string Good => Bad.Replace("  trustModeOverride: true # EP260\n", "", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        HashSet<ServerConfig> relying = [.. OverrideNeed.All(context.Policies).Where(needs => needs.Any(need => !need.IsProven)).Select(needs => needs.Key.Server)];
        return from pairing in ServerPairing.All(context.Policies)
               let server = pairing.Server
               where pairing.IsSure && server.TrustsOverrides && server.AsksForModes && !relying.Contains(server) && pairing.Server.Steps.All(step => step.IsKnown)
               select At(server.Document, server.At("envoy.trustModeOverride")!, "no body depends on an override of which nothing shows whether Envoy took it", "delete it");
    }
}
