using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A limit for replies below what a changed body needs.</summary>
internal sealed class EP147ReplyLargerThanEnvoyTakes : Rule
{
    /// <summary>What a full-duplex reply carries at most by the API's advice.</summary>
    private const decimal DuplexChunk = 64 * 1024;

    public override string Id => "EP147";
    public override string Name => "reply-larger-than-envoy-takes";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "Envoy takes replies from the processor that are as large as the bodies that it sends to it.";
    public override string Why => "A reply that carries a changed body is larger than Envoy's gRPC client takes: the stream fails, and with it the request, with 500. Smaller bodies and unchanged ones pass, so that tests do not show it.";
    public override IReadOnlyList<string> Sources => ["EnvoyGrpc.max_receive_message_length", "GoogleGrpc.channel_args, grpc.max_receive_message_length", "ProcessingMode.BodySendMode"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          envoy_grpc:
            cluster_name: processor
            max_receive_message_length: 65536 # EP147
        processing_mode:
          request_body_mode: BUFFERED

        """;
    public override string Good => Bad.Replace("65536 # EP147", "2097152", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        BufferFilters buffers = new(context.Policies.Unjudged);
        return
            (from routed in RoutedFilter.OrAlone(context.Policies)
            let service = routed.Service
            let limit = ReplyLimit.Of(service)
            where limit is not null
            from direction in Direction.Both
            let most = Most(routed, direction, buffers, context)
            where most > limit.Bytes
            select At(
                service.Document,
                limit.Place,
                $"{limit.Setting} is {limit.Bytes}, and a reply with the {direction.Word} body in {routed.Mode.Body(direction).Value} may need {most} bytes and more",
                $"set it to more than {most}, with room for what the processor adds") with
            {
                Related = [RelatedPlace.At(routed.Mode.Document, routed.Mode.Body(direction).Place, direction.BodyMode)],
            }).OncePerPlace();
    }

    private static decimal Most(RoutedFilter routed, Direction direction, BufferFilters buffers, RuleContext context) => routed.Mode.Body(direction).Value switch
    {
        "FULL_DUPLEX_STREAMED" => DuplexChunk,
        "BUFFERED" => buffers.Most(routed, direction, context.Target.Version),
        "BUFFERED_PARTIAL" => BodyLimits.Of(routed, direction, context.Target.Version),
        _ => 0,
    };
}
