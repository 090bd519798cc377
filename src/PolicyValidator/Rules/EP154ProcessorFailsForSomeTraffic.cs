using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor of our server that a filter's modes serve for a part of the traffic only.</summary>
internal sealed class EP154ProcessorFailsForSomeTraffic : Rule
{
    public override string Id => "EP154";
    public override string Name => "processor-fails-for-some-traffic";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A filter sends bodies in a mode in which the processors in the server's extproc.yaml work for all traffic.";
    public override string Why =>
        "The server finds out when the traffic comes, and fails those exchanges: a processor that keeps bytes back has to see where a body ends, and one that may let nothing pass unseen has to see all of it.";
    public override IReadOnlyList<string> Sources => ["ProcessingMode.BodySendMode", "extproc.yaml, pipeline"];
    public override string Bad => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode:
          response_body_mode: STREAMED # EP154
        ---
        listen: 127.0.0.1:9000
        limits: {handlerTimeout: 100ms}
        pipeline:
        - name: replace
          text: secret
          by: "******"
          in: response

        """;
    public override string Good => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode:
          response_body_mode: FULL_DUPLEX_STREAMED
          response_trailer_mode: SEND
        ---
        listen: 127.0.0.1:9000
        limits: {handlerTimeout: 100ms}
        pipeline:
        - name: replace
          text: secret
          by: "******"
          in: response

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from pairing in ServerPairing.All(context.Policies)
        from step in pairing.Server.Steps
        from direction in Direction.Both
        let needs = step.Needs(direction)
        where needs.Body
        let lacking = pairing.Filters.Where(filter => !filter.IsObserver && pairing.ModesOf(filter).All(mode => Failing(mode, direction, needs) is not null && !(mode.HasBody(direction, "STREAMED") && pairing.IsAskedForMore(filter, step)))).ToArray()
        from filter in pairing.IsSure ? lacking : lacking.Length == pairing.Filters.Count ? lacking.Take(1) : []
        select Report(pairing, step, filter, direction, needs);

    /// <summary>The traffic for which the processor fails; null where it never does, or always.</summary>
    private static string? Failing(WrittenMode mode, Direction direction, StepNeeds needs) => mode.Body(direction).Value switch
    {
        "STREAMED" when needs.Holds && direction == Direction.Request => "keeps bytes back, so requests without content-length (chunked, or HTTP/2 without a length) fail",
        "STREAMED" when needs.Holds => "keeps bytes back, so answers without content-length (server-sent events, chunked, gRPC, upgrades) fail",
        "BUFFERED_PARTIAL" => $"has to see all of a body, so {direction.Word} bodies over the connection's buffer limit, of which only the beginning is sent, fail",
        _ => null,
    };

    private Finding Report(ServerPairing pairing, ServerStep step, ExtProcFilter filter, Direction direction, StepNeeds needs)
    {
        Located<string> written = WrittenMode.Of(filter).Body(direction);
        return At(
            filter.Document,
            written.Place,
            $"{direction.BodyMode} is {written.Value}, and the processor \"{step.Name}\" {Failing(WrittenMode.Of(filter), direction, needs)}",
            $"set {direction.BodyMode} to FULL_DUPLEX_STREAMED with {direction.TrailerMode}: SEND, or to BUFFERED") with
        {
            Severity = pairing.IsSure ? Severity.Warning : Severity.Hint,
            Related = [RelatedPlace.At(pairing.Server.Document, step.NameNode, $"the processor \"{step.Name}\"")],
        };
    }
}
