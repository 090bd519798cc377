using Wire = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode;

namespace ExtProc.Front.Filter;

/// <summary>Whether Envoy takes an override, and what of it: body modes as they are, DEFAULT for the rest keeps the filter's.</summary>
internal static class ModeOverrides
{
    /// <summary>
    /// The modes after an override in a message of its own: before the request's headers are answered, to a request in full duplex with
    /// trailers, from a mode that does not buffer. Null for what Envoy does not take: a message that it cannot handle.
    /// </summary>
    public static ProcessingMode? Direct(Wire asked, FilterSettings settings, DirectionFilter request, DirectionFilter response) =>
        settings.Behavior.TakesDirectOverride && request.AwaitsHeaders
        && settings.Modes.RequestBodyMode is not (BodySendMode.Buffered or BodySendMode.BufferedPartial)
        && (BodySendMode)asked.RequestBodyMode is BodySendMode.FullDuplexStreamed && (HeaderSendMode)asked.RequestTrailerMode is HeaderSendMode.Send
            ? Riding(asked, settings, request, response)
            : null;

    /// <summary>The modes after an override that rides on an answer; null when it is ignored, which Envoy does not tell.</summary>
    public static ProcessingMode? Riding(Wire asked, FilterSettings settings, DirectionFilter request, DirectionFilter response)
    {
        ProcessingMode filter = settings.FilterModes ?? settings.Modes;
        if (!(request.AwaitsHeaders || response.AwaitsHeaders) || !settings.AllowModeOverride || settings.SendBodyWithoutWaitingForHeaderResponse
            || filter.RequestBodyMode is BodySendMode.FullDuplexStreamed || filter.ResponseBodyMode is BodySendMode.FullDuplexStreamed)
        {
            return null;
        }

        var effective = new ProcessingMode
        {
            RequestHeaderMode = Merged((HeaderSendMode)asked.RequestHeaderMode, filter.RequestHeaderMode),
            ResponseHeaderMode = Merged((HeaderSendMode)asked.ResponseHeaderMode, filter.ResponseHeaderMode),
            RequestTrailerMode = Merged((HeaderSendMode)asked.RequestTrailerMode, filter.RequestTrailerMode),
            ResponseTrailerMode = Merged((HeaderSendMode)asked.ResponseTrailerMode, filter.ResponseTrailerMode),
            RequestBodyMode = (BodySendMode)asked.RequestBodyMode,
            ResponseBodyMode = (BodySendMode)asked.ResponseBodyMode,
        };
        return settings.AllowedOverrideModes is { Count: > 0 } allowed
            && !allowed.Any(mode => mode with { RequestHeaderMode = default } == effective with { RequestHeaderMode = default }) ? null : effective;
    }

    private static HeaderSendMode Merged(HeaderSendMode asked, HeaderSendMode filter) => asked is HeaderSendMode.Default ? filter : asked;
}
