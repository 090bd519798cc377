using Modes = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode;

namespace ExtProc.Testing.Imitation;

/// <summary>Whether Envoy takes an override, and what of it: body modes as they are, DEFAULT for the rest keeps the filter's.</summary>
internal static class ModeOverrides
{
    private static readonly Version DirectSince = new(1, 40);

    /// <summary>
    /// An override in a message of its own, which Envoy takes from 1.40: before the request's headers are answered, to a request in full
    /// duplex with trailers, from a mode that does not buffer. What it does not take is a message that it cannot handle.
    /// </summary>
    public static bool ObeyDirect(Modes asked, PlaySettings settings, DirectionPlay? request, DirectionPlay? response) =>
        settings.RealVersion >= DirectSince && request is { AwaitsHeaders: true }
        && settings.Modes.RequestBodyMode is not (BodySendMode.Buffered or BodySendMode.BufferedPartial)
        && (BodySendMode)asked.RequestBodyMode is BodySendMode.FullDuplexStreamed && (HeaderSendMode)asked.RequestTrailerMode is HeaderSendMode.Send
        && Obey(asked, settings, request, response);

    /// <summary>An override that rides on an answer; false when it is ignored, which Envoy does not tell.</summary>
    public static bool Obey(Modes asked, PlaySettings settings, DirectionPlay? request, DirectionPlay? response)
    {
        ProcessingMode filter = settings.Modes;
        bool isPending = request is { AwaitsHeaders: true } || response is { AwaitsHeaders: true };
        if (!isPending || settings.IgnoresModeOverrides || !settings.Envoy.AllowModeOverride || settings.Envoy.SendBodyWithoutWaitingForHeaderResponse
            || filter.RequestBodyMode is BodySendMode.FullDuplexStreamed || filter.ResponseBodyMode is BodySendMode.FullDuplexStreamed)
        {
            return false;
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
        if (settings.Envoy.AllowedOverrideModes is { Count: > 0 } allowed
            && !allowed.Any(mode => mode with { RequestHeaderMode = default } == effective with { RequestHeaderMode = default }))
        {
            return false;
        }

        request?.Modes = effective;
        response?.Modes = effective;
        return true;
    }

    private static HeaderSendMode Merged(HeaderSendMode asked, HeaderSendMode filter) => asked is HeaderSendMode.Default ? filter : asked;
}
