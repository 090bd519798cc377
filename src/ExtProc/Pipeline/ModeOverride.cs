using ExtProc.Configuration;

namespace ExtProc.Pipeline;

/// <summary>When Envoy would obey a request for other modes. Source: Envoy's ext_proc filter, field <c>allow_mode_override</c> and what switches it off.</summary>
internal static class ModeOverride
{
    /// <summary>Whether an override is worth asking for: declared as allowed, and not one of the cases that Envoy ignores.</summary>
    public static bool CanAsk(EnvoyDeclaration envoy) =>
        envoy is { AllowModeOverride: true, SendBodyWithoutWaitingForHeaderResponse: false, ObservabilityMode: false }
        && envoy.ProcessingMode is not { RequestBodyMode: BodySendMode.FullDuplexStreamed }
        && envoy.ProcessingMode is not { ResponseBodyMode: BodySendMode.FullDuplexStreamed };

    /// <summary>The modes to ask for so that every need is met, or null when none would do or none is needed.</summary>
    public static ProcessingMode? For(PipelinePlan plan, BodySendMode request, BodySendMode response)
    {
        // A filter in full duplex ignores it; one where only the route says full duplex takes it and forgets the route's modes.
        if (!CanAsk(plan.Envoy) || request is BodySendMode.FullDuplexStreamed || response is BodySendMode.FullDuplexStreamed)
        {
            return null;
        }

        BodySendMode wantedRequest = Best(plan.Request, request), wantedResponse = Best(plan.Response, response);
        if (wantedRequest == request && wantedResponse == response)
        {
            return null;
        }

        // Body modes not named become NONE, so both are always named; DEFAULT keeps what the filter says of headers and trailers.
        var wanted = new ProcessingMode
        {
            RequestBodyMode = wantedRequest,
            ResponseBodyMode = wantedResponse,
            RequestTrailerMode = wantedRequest is BodySendMode.FullDuplexStreamed ? HeaderSendMode.Send : HeaderSendMode.Default,
            ResponseTrailerMode = wantedResponse is BodySendMode.FullDuplexStreamed ? HeaderSendMode.Send : HeaderSendMode.Default,
        };
        return IsAllowed(wanted, plan.Envoy) ? wanted : null;
    }

    // The headers' answer carries the override, so headers cannot wait for a full-duplex body; BUFFERED lets the body's answer change them.
    private static BodySendMode Best(DirectionPlan plan, BodySendMode current) =>
        ((BodySendMode[])[current, BodySendMode.FullDuplexStreamed, BodySendMode.Buffered])
            .FirstOrDefault(mode => Array.TrueForAll(plan.Steps, step => Serves(step.Needs.Body(plan.Direction), mode, isCurrent: mode == current)), current);

    private static bool Serves(BodyNeed need, BodySendMode mode, bool isCurrent) =>
        ModeFit.Of(need, mode) is Fit.Works or Fit.IfComplete or Fit.WithContentLength || (isCurrent && ModeFit.Of(need, mode) is Fit.HoldsHeaders);

    // Envoy compares literally, all but the request's header mode.
    private static bool IsAllowed(ProcessingMode wanted, EnvoyDeclaration envoy) =>
        envoy.AllowedOverrideModes.Count == 0
        || envoy.AllowedOverrideModes.Any(allowed => allowed with { RequestHeaderMode = default } == Merged(wanted, envoy) with { RequestHeaderMode = default });

    private static ProcessingMode Merged(ProcessingMode wanted, EnvoyDeclaration envoy) => wanted with
    {
        ResponseHeaderMode = envoy.ProcessingMode?.ResponseHeaderMode ?? default,
        RequestTrailerMode = wanted.RequestTrailerMode is HeaderSendMode.Default ? envoy.ProcessingMode?.RequestTrailerMode ?? default : wanted.RequestTrailerMode,
        ResponseTrailerMode = wanted.ResponseTrailerMode is HeaderSendMode.Default ? envoy.ProcessingMode?.ResponseTrailerMode ?? default : wanted.ResponseTrailerMode,
    };
}
