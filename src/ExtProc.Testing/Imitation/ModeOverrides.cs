using Modes = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode;

namespace ExtProc.Testing.Imitation;

/// <summary>Whether Envoy takes an override, and what of it: body modes as they are, DEFAULT for the rest keeps the filter's.</summary>
internal static class ModeOverrides
{
    public static void Obey(Modes asked, PlaySettings settings, DirectionPlay? request, DirectionPlay? response)
    {
        ProcessingMode filter = settings.Modes;
        bool isPending = request is { AwaitsHeaders: true } || response is { AwaitsHeaders: true };
        if (!isPending || settings.IgnoresModeOverrides || !settings.Envoy.AllowModeOverride || settings.Envoy.SendBodyWithoutWaitingForHeaderResponse
            || filter.RequestBodyMode is BodySendMode.FullDuplexStreamed || filter.ResponseBodyMode is BodySendMode.FullDuplexStreamed)
        {
            return;
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
            return;
        }

        request?.Modes = effective;
        response?.Modes = effective;
    }

    private static HeaderSendMode Merged(HeaderSendMode asked, HeaderSendMode filter) => asked is HeaderSendMode.Default ? filter : asked;
}
