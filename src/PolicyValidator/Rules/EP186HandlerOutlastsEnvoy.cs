using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A server whose handlers may take longer than Envoy waits.</summary>
internal sealed class EP186HandlerOutlastsEnvoy : Rule
{
    /// <summary>What Envoy waits when nothing is said.</summary>
    private const decimal DefaultSeconds = 0.2m;

    public override string Id => "EP186";
    public override string Name => "handler-outlasts-envoy";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "Envoy waits for an answer at least as long as the server's limits.handlerTimeout lets a processor take.";
    public override string Why => "Envoy gives up first and answers 504, or lets the traffic pass unprocessed with failure_mode_allow; the server's own limit never comes into play.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.message_timeout, max_message_timeout", "extproc.yaml, limits.handlerTimeout"];
    public override string Bad => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        message_timeout: 1s # EP186
        processing_mode:
          request_body_mode: BUFFERED
        ---
        listen: 127.0.0.1:9000
        limits:
          handlerTimeout: 5s
        pipeline:
        - name: audit

        """;
    public override string Good => Bad.Replace("1s # EP186", "6s", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from pairing in ServerPairing.All(context.Policies)
        let limit = pairing.Server.At("limits.handlerTimeout")
        where limit is not null
        let allowed = ServerDuration.SecondsOf(limit.Text ?? "")
        where allowed is not null && pairing.Filters.All(filter => IsShorter(filter, allowed.Value))
        from filter in pairing.IsSure ? pairing.Filters : pairing.Filters.Take(1)
        let timeout = filter.Config.Duration("message_timeout")
        select At(
            filter.Document,
            timeout.Place,
            $"Envoy waits {timeout.Value?.ToString() ?? "0.2s, its default,"} for an answer, and a processor of the server may take {limit.Text}",
            $"set message_timeout to more than {limit.Text}, or limits.handlerTimeout to less than it is") with
        {
            Severity = pairing.IsSure ? Severity.Warning : Severity.Hint,
            Related = [RelatedPlace.At(pairing.Server.Document, limit, "limits.handlerTimeout")],
        };

    /// <summary>Full duplex has no timer; with max_message_timeout a server may ask for more time; an observed server is not waited for.</summary>
    private static bool IsShorter(ExtProcFilter filter, decimal allowed) =>
        (filter.Config.Duration("message_timeout").Value?.TotalSeconds ?? DefaultSeconds) < allowed
        && (filter.Config.Duration("max_message_timeout").Value?.TotalSeconds ?? 0) < allowed
        && !filter.Config.Bool("observability_mode").Value
        && (filter.MadeFrom is not null || filter.Config.Node?.Origin is null || filter.Config.Has("message_timeout"))
        && Direction.Both.Any(direction => WrittenMode.Of(filter) is var mode && !mode.HasBody(direction, "FULL_DUPLEX_STREAMED") && (mode.SendsHeaders(direction) || !mode.HasBody(direction, "NONE")));
}
