using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A server that was told something of its Envoy that is not so.</summary>
internal sealed class EP185ServerExpectsOtherEnvoy : Rule
{
    public override string Id => "EP185";
    public override string Name => "server-expects-other-envoy";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "The envoy section of an extproc.yaml says what the filter says.";
    public override string Why => "The server refuses at its start what cannot work with what it was told: told wrongly, it takes what fails later, asks Envoy for what is ignored, or refuses what would work.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor", "extproc.yaml, envoy"];
    public override string Bad => """
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        allow_mode_override: false
        message_timeout: 1s
        processing_mode:
          request_body_mode: BUFFERED
        ---
        listen: 127.0.0.1:9000
        limits: {handlerTimeout: 500ms}
        pipeline:
        - name: audit
        envoy:
          allowModeOverride: true # EP185
          messageTimeout: 1000ms
          processingMode:
            requestBodyMode: STREAMED # EP185

        """;
    public override string Good => Bad
        .Replace("true # EP185", "false", StringComparison.Ordinal)
        .Replace("STREAMED # EP185", "BUFFERED", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from pairing in ServerPairing.All(context.Policies)
        from setting in DeclaredSetting.All
        let others = pairing.Filters.Select(filter => Contradictions(pairing, setting, filter).ToArray()).Where(found => found.Length > 0).ToArray()
        where others.Length == pairing.Filters.Count
        from finding in others[0]
        select finding;

    private IEnumerable<Finding> Contradictions(ServerPairing pairing, DeclaredSetting setting, ExtProcFilter filter) => setting.Kind == DeclaredKind.Names
        ? from name in setting.NotSent(pairing.Server, filter.Config)
          where !IsPartlyRead(filter)
          select Report(pairing, filter, name, filter.Config.PlaceOf(setting.Field), $"{setting.Path} counts on {name.Text}, which is not in {setting.Field}", $"add it to {setting.Field}, or remove it here")
        : setting.Declared(pairing.Server) is { } declared && Differs(pairing, setting, filter, declared) is var (value, place)
            ? [Report(pairing, filter, pairing.Server.At($"envoy.{setting.Path}")!, place, $"{setting.Path} is {declared}, and {setting.Field} of the filter is {value}", "write the same in both")]
            : [];

    /// <summary>What the filter says instead; null where it, or a route that replaces its mode, says the same.</summary>
    private static (string, Place)? Differs(ServerPairing pairing, DeclaredSetting setting, ExtProcFilter filter, string declared)
    {
        (string value, Place place, bool isSet) = setting.Real(filter.Config);
        bool isOnRoute = setting.Kind == DeclaredKind.Mode
            && pairing.ModesOf(filter).Skip(1).Any(mode => ModeFields.Effective(mode, setting.Field["processing_mode.".Length..]) == declared);
        return value == declared || isOnRoute || (!isSet && IsPartlyRead(filter)) ? null : (value, place);
    }

    /// <summary>Of a filter that a product makes, what was not read may be there all the same; Envoy Gateway's are known whole.</summary>
    private static bool IsPartlyRead(ExtProcFilter filter) => filter.MadeFrom is null && filter.Config.Node?.Origin is not null;

    private Finding Report(ServerPairing pairing, ExtProcFilter filter, Node at, Place real, string message, string help) =>
        At(pairing.Server.Document, at, message, help) with
        {
            Severity = pairing.IsSure ? Severity.Warning : Severity.Hint,
            Related = [new(filter.Document.Source, real.Span, real.Pointer, "the filter")],
        };
}
