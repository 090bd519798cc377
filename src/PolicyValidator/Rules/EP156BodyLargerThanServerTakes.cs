using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A server that takes smaller messages than its filters send.</summary>
internal sealed class EP156BodyLargerThanServerTakes : Rule
{
    /// <summary>What Envoy sends in one message at most without gathering a whole body: what came before the headers' answer. Measured with an HTTP/2 client.</summary>
    private const decimal Unbuffered = 16_793_600;

    public override string Id => "EP156";
    public override string Name => "body-larger-than-server-takes";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "The server's transport.receiveLimitBytes has room for the bodies that its filters send in one message.";
    public override string Why => "A message over the limit ends its stream with RESOURCE_EXHAUSTED, and the request gets 500, or passes unprocessed with failure_mode_allow.";
    public override IReadOnlyList<string> Sources => ["ProcessingMode.BodySendMode", "Listener.per_connection_buffer_limit_bytes", "Buffer.max_request_bytes", "extproc.yaml, transport.receiveLimitBytes"];
    public override string Bad => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        message_timeout: 15s
        processing_mode:
          request_body_mode: BUFFERED
        ---
        listen: 127.0.0.1:9000
        transport: {receiveLimitBytes: 64KiB} # EP156
        pipeline:
        - name: audit

        """;
    public override string Good => Bad.Replace("64KiB} # EP156", "4MiB}", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        BufferFilters buffers = new(context.Policies.Unjudged);
        ILookup<object, RoutedFilter> ways = RoutedFilter.OrAlone(context.Policies).ToLookup(routed => (object)routed.Filter, ReferenceEqualityComparer.Instance);
        Dictionary<Direction, Dictionary<object, decimal>> largest = Direction.Both.ToDictionary(direction => direction, _ => new Dictionary<object, decimal>(ReferenceEqualityComparer.Instance));
        decimal Largest(ExtProcFilter filter, Direction direction) => largest[direction].TryGetValue(filter, out decimal known)
            ? known
            : largest[direction][filter] = ways[filter].Select(routed => Most(routed, direction, buffers, context)).DefaultIfEmpty(0).Max();
        return
            (from pairing in ServerPairing.All(context.Policies)
            where pairing.IsSure && pairing.Server.Steps.Count > 0
            let setting = pairing.Server.At("transport.receiveLimitBytes")
            let limit = setting is null ? ServerDefaults.ReceiveLimitBytes : ServerSize.BytesOf(setting.Text ?? "")
            from filter in pairing.Filters
            from direction in Direction.Both
            let most = Largest(filter, direction)
            where most > limit
            select Report(pairing.Server, setting, limit.Value, WrittenMode.Of(filter), direction, most)).OncePerPlace();
    }

    private static decimal Most(RoutedFilter routed, Direction direction, BufferFilters buffers, RuleContext context) => routed.Mode.Body(direction).Value switch
    {
        "BUFFERED" => buffers.Most(routed, direction, context.Target.Version),
        "BUFFERED_PARTIAL" or "STREAMED" => Unbuffered,
        _ => 0,
    };

    private Finding Report(ServerConfig server, Node? setting, decimal limit, WrittenMode mode, Direction direction, decimal most) => At(
        server.Document,
        setting ?? server.Root,
        $"transport.receiveLimitBytes is {limit}{(setting is null ? ", the default" : "")}, and {direction.BodyMode} can send {most} bytes in one message",
        $"set it to more than {most}, with room for what else is in a message") with
    {
        Related = [RelatedPlace.At(mode.Document, mode.Body(direction).Place, direction.BodyMode)],
    };
}
