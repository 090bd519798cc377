using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor of our server that changes traffic, behind a filter that drops its answers.</summary>
internal sealed class EP163ObserverCannotChange : Rule
{
    public override string Id => "EP163";
    public override string Name => "observer-cannot-change";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A filter in observability mode leads to a server whose processors only watch.";
    public override string Why => "In observability mode Envoy drops every answer: headers stay as they are, and what was to be replaced in bodies goes on as it came, while the server counts it as done.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.observability_mode", "extproc.yaml, pipeline"];
    public override VersionSet Versions => VersionSet.Since("1.31");
    public override string Bad => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        observability_mode: true # EP163
        failure_mode_allow: true
        ---
        listen: 127.0.0.1:9000
        limits: {handlerTimeout: 100ms}
        pipeline:
        - name: headers
          request: {remove: [x-internal]}

        """;
    public override string Good => Bad
        .Replace("observability_mode: true # EP163\n", "", StringComparison.Ordinal)
        .Replace("failure_mode_allow: true\n", "", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from pairing in ServerPairing.All(context.Policies)
        let changing = pairing.Server.Steps.Where(step => Direction.Both.Any(direction => step.Needs(direction) != StepNeeds.None)).ToArray()
        where changing.Length > 0
        let watching = pairing.Filters.Where(filter => filter.IsObserver).ToArray()
        from filter in pairing.IsSure ? watching : watching.Length == pairing.Filters.Count ? watching.Take(1) : []
        select Report(pairing, filter, changing);

    private Finding Report(ServerPairing pairing, ExtProcFilter filter, ServerStep[] changing) =>
        At(
            filter.Document,
            filter.Config.PlaceOf("observability_mode"),
            $"observability_mode is true, and the server is to change traffic ({string.Join(", ", changing.Select(step => $"\"{step.Name}\"").Distinct())}): its answers are dropped",
            "turn observability_mode off, or take what changes traffic out of the pipeline") with
        {
            Severity = pairing.IsSure ? Severity.Warning : Severity.Hint,
            Related = [.. changing.Select(step => RelatedPlace.At(pairing.Server.Document, step.NameNode, $"the processor \"{step.Name}\""))],
        };
}
