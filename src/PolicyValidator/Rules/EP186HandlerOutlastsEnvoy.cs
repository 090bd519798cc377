using PolicyValidator.Inputs;
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
    public override string Summary => "Envoy waits for an answer at least as long as the server's limits.handlerTimeout lets a processor take; where either is not written its default counts.";
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
        let allowed = limit is null ? ServerDefaults.HandlerSeconds : ServerDuration.SecondsOf(limit.Text ?? "")
        where allowed is not null && pairing.Filters.All(filter => IsShorter(pairing, filter, allowed.Value))
        from filter in pairing.IsSure ? pairing.Filters : pairing.Filters.Take(1)
        select Report(pairing, filter, limit);

    private Finding Report(ServerPairing pairing, ExtProcFilter filter, Node? limit)
    {
        Located<ConfigDuration?> timeout = filter.Config.Duration("message_timeout");
        string allowed = limit.Text ?? $"{ServerDefaults.HandlerSeconds}s";
        return At(
            filter.Document,
            timeout.Place,
            $"Envoy waits {timeout.Value?.ToString() ?? "0.2s, its default,"} for an answer, and a processor of the server may take {allowed}{(limit is null ? ", the server's default" : "")}",
            $"set message_timeout to more than {allowed}, or limits.handlerTimeout to less than it is") with
        {
            Severity = pairing.IsSure ? Severity.Warning : Severity.Hint,
            Related = [RelatedPlace.At(pairing.Server.Document, limit ?? pairing.Server.Root, limit is null ? "the server, without limits.handlerTimeout" : "limits.handlerTimeout")],
        };
    }

    /// <summary>
    /// Full duplex has no timer; where the server knows of max_message_timeout its processors may ask for more time; an observed server
    /// is not waited for; one that nothing is sent to has nothing to answer.
    /// </summary>
    private static bool IsShorter(ServerPairing pairing, ExtProcFilter filter, decimal allowed) =>
        pairing.Server.Steps.Count > 0
        && (filter.Config.Duration("message_timeout").Value?.TotalSeconds ?? DefaultSeconds) < allowed
        && !(pairing.Server.At("envoy.maxMessageTimeout") is not null && filter.Config.Duration("max_message_timeout").Value?.TotalSeconds >= allowed)
        && !filter.Config.Bool("observability_mode").Value
        && (filter.MadeFrom is not null || filter.Config.Node?.Origin is null || filter.Config.Has("message_timeout"))
        && Direction.Both.Any(direction => WrittenMode.Of(filter) is var mode && !mode.HasBody(direction, "FULL_DUPLEX_STREAMED") && (mode.SendsHeaders(direction) || !mode.HasBody(direction, "NONE")));
}
