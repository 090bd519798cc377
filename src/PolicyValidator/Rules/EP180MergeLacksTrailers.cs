using PolicyValidator.Fixes;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An EnvoyFilter that merges a full-duplex body without trailers into a filter.</summary>
internal sealed class EP180MergeLacksTrailers : Rule
{
    public override string Id => "EP180";
    public override string Name => "merge-lacks-trailers";
    public override Severity Severity => Severity.Warning;
    public override FixSafety Fix => FixSafety.Safe;
    public override VersionSet Versions => VersionSet.Since("1.33");
    public override string Summary => "A FULL_DUPLEX_STREAMED body that is merged into a filter comes with the trailers of its direction.";
    public override string Why => "Istio checks nothing of ext_proc: unless the filter that is merged into sends its trailers already, Envoy refuses the listener.";
    public override IReadOnlyList<string> Sources => ["EnvoyFilter, spec.configPatches.patch", "ProcessingMode.request_body_mode, request_trailer_mode"];
    public override string Bad => """
        apiVersion: networking.istio.io/v1alpha3
        kind: EnvoyFilter
        metadata:
          name: full-duplex
        spec:
          configPatches:
          - applyTo: HTTP_FILTER
            match:
              context: GATEWAY
              listener:
                filterChain:
                  filter:
                    name: envoy.filters.network.http_connection_manager
                    subFilter:
                      name: envoy.filters.http.ext_proc
            patch:
              operation: MERGE
              value:
                name: envoy.filters.http.ext_proc
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                  processing_mode:
                    request_body_mode: FULL_DUPLEX_STREAMED # EP180

        """;
    public override string Good => Bad.Replace(" # EP180", "\n            request_trailer_mode: SEND", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from merged in MergedMode.All(context.Policies)
        from direction in Direction.Both
        let body = merged.FullDuplexBody(direction)
        where body is not null && !merged.SendsTrailers(direction)
        let isAbsent = merged.Mode.Field(direction.TrailerMode) is null
        select At(merged.Document, body, $"{direction.BodyMode} is merged as FULL_DUPLEX_STREAMED without {direction.TrailerMode}: SEND", $"set {direction.TrailerMode}: SEND beside it") with
        {
            Fix = isAbsent && body.Entry is { } entry
                ? new($"set {direction.TrailerMode} to SEND", true, FieldInsertion.After(merged.Document.Source, merged.Mode, entry, direction.TrailerMode, "SEND"))
                : null,
        };
}
