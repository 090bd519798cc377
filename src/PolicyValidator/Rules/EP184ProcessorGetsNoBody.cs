using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor of our server that works on bodies, behind a filter that does not send them so.</summary>
internal sealed class EP184ProcessorGetsNoBody : Rule
{
    public override string Id => "EP184";
    public override string Name => "processor-gets-no-body";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A filter sends what the processors in the server's extproc.yaml work on.";
    public override string Why => "The server refuses exchanges in which a processor cannot get the body that it works on, and a header processor that gets no headers does nothing.";
    public override IReadOnlyList<string> Sources => ["ProcessingMode", "extproc.yaml, pipeline"];
    public override string Bad => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        message_timeout: 15s
        processing_mode:
          request_body_mode: BUFFERED
          response_body_mode: NONE # EP184
        ---
        listen: 127.0.0.1:9000
        pipeline:
        - name: replace
          text: secret
          by: "******"

        """;
    public override string Good => Bad.Replace("NONE # EP184", "BUFFERED", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from pairing in ServerPairing.All(context.Policies)
        from step in pairing.Server.Steps
        from direction in Direction.Both
        let needs = step.Needs(direction)
        where needs.Body || needs.Headers
        let lacking = pairing.Filters.Where(filter => pairing.ModesOf(filter).All(mode => !Gives(mode, direction, needs) && !IsAskedFor(pairing.Server, step, filter))).ToArray()
        from filter in pairing.IsSure ? lacking : lacking.Length == pairing.Filters.Count ? lacking.Take(1) : []
        select Report(pairing, step, filter, direction, needs);

    private static bool Gives(WrittenMode mode, Direction direction, StepNeeds needs) => needs.Body
        ? !mode.HasBody(direction, "NONE", "GRPC")
        : mode.SendsHeaders(direction);

    /// <summary>Whether the server asks for other modes itself, and Envoy obeys, or is trusted to: what is wrong with that is for other rules to say.</summary>
    private static bool IsAskedFor(ServerConfig server, ServerStep step, ExtProcFilter filter) =>
        server.AsksForModes && (OverrideNeed.TakesOverrides(filter) || (server.TrustsOverrides && !step.MayBeLeftOut));

    private Finding Report(ServerPairing pairing, ServerStep step, ExtProcFilter filter, Direction direction, StepNeeds needs)
    {
        WrittenMode mode = WrittenMode.Of(filter);
        string field = needs.Body ? direction.BodyMode : direction.HeaderMode;
        Located<string> written = needs.Body ? mode.Body(direction) : mode.Headers(direction);
        string unsure = pairing.IsSure ? "" : pairing.Filters.Count switch
        {
            1 => "",
            2 => " in this filter and the other one",
            var count => $" in this filter and the {count - 1} others",
        };
        return At(
            filter.Document,
            written.Place,
            $"{field} is {written.Value}{unsure}, and the processor \"{step.Name}\" works on {direction.Word} {(needs.Body ? "bodies" : "headers")}",
            needs.Body ? $"set {field} to FULL_DUPLEX_STREAMED with {direction.TrailerMode}: SEND, or to BUFFERED" : $"set {field} to SEND") with
        {
            Severity = pairing.IsSure ? Severity.Warning : Severity.Hint,
            Related = [RelatedPlace.At(pairing.Server.Document, step.NameNode, $"the processor \"{step.Name}\"")],
        };
    }
}
