using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A timer beside a mode that has none.</summary>
internal sealed class EP123TimeoutIgnoredInFullDuplex : Rule
{
    public override string Id => "EP123";
    public override string Name => "timeout-ignored-in-full-duplex";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Since("1.33");
    public override string Summary => "message_timeout and max_message_timeout do not limit a FULL_DUPLEX_STREAMED direction.";
    public override string Why =>
        "Envoy starts no timer for messages in FULL_DUPLEX_STREAMED: when the processor stalls, the exchange hangs until an idle timeout of the connection manager or the route ends it.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.message_timeout"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        message_timeout: 1s # EP123
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}}
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let mode = WrittenMode.Of(filter)
        let untimed = Direction.Both.Where(direction => mode.HasBody(direction, "FULL_DUPLEX_STREAMED")).Select(direction => direction.Word).ToArray()
        let timed = Direction.Both.Where(direction => IsTimed(mode, direction)).Select(direction => direction.Word).ToArray()
        where untimed.Length > 0
        from field in (string[])["message_timeout", "max_message_timeout"]
        where filter.Config.Has(field) && !(filter.IsObserver && field == "message_timeout") // an observer has none, whatever its modes
        select AtKey(
            filter.Document,
            filter.Config.PlaceOf(field),
            $"{field} has no effect on the {string.Join(" and the ", untimed)}, whose body mode is FULL_DUPLEX_STREAMED",
            $"{(timed.Length == 0 ? "delete it" : $"keep it for the {timed[0]}")}, and set stream_idle_timeout of the connection manager or idle_timeout of the route, and a deadline in the processor") with
        {
            Severity = timed.Length == 0 ? Severity : Severity.Hint,
        };

    /// <summary>Whether messages of a direction are waited for with a timer.</summary>
    private static bool IsTimed(WrittenMode mode, Direction direction) =>
        !mode.HasBody(direction, "FULL_DUPLEX_STREAMED") && (mode.SendsHeaders(direction) || mode.SendsTrailers(direction) || !mode.HasBody(direction, "NONE"));
}
