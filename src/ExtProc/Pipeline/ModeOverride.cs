using ExtProc.Configuration;

namespace ExtProc.Pipeline;

/// <summary>Other modes to ask Envoy for.</summary>
/// <param name="Modes">The modes.</param>
/// <param name="IsDirect">
/// Asked for in a message of its own before the request's headers are answered, which fails the exchange unless Envoy takes it; otherwise
/// with the headers' answer, and Envoy never says what became of it.
/// </param>
internal sealed record ModeRequest(ProcessingMode Modes, bool IsDirect);

/// <summary>Which answer is next when other modes may be asked for.</summary>
internal enum AskingMoment
{
    /// <summary>That to the headers of a request with a body.</summary>
    Request,

    /// <summary>That to the headers of a request without one.</summary>
    BodylessRequest,

    /// <summary>That to the response's headers: the request was not shown.</summary>
    Response,
}

/// <summary>When Envoy would obey a request for other modes. Source: Envoy's ext_proc filter, field <c>allow_mode_override</c> and what switches it off.</summary>
internal static class ModeOverride
{
    /// <summary>Since this version Envoy takes an override in a message of its own, and fails the exchange when it does not take it. Measured.</summary>
    private static readonly Version DirectSince = new(1, 40);

    /// <summary>Whether an override is worth asking for: declared as allowed, and not one of the cases that Envoy ignores.</summary>
    public static bool CanAsk(EnvoyDeclaration envoy) =>
        envoy is { AllowModeOverride: true, SendBodyWithoutWaitingForHeaderResponse: false, ObservabilityMode: false }
        && envoy.ProcessingMode is not { RequestBodyMode: BodySendMode.FullDuplexStreamed }
        && envoy.ProcessingMode is not { ResponseBodyMode: BodySendMode.FullDuplexStreamed };

    /// <summary>Whether an ignored override would be noticed, or is vouched for.</summary>
    public static bool IsTrusted(EnvoyDeclaration envoy) => envoy.TrustModeOverride || envoy.Version >= DirectSince;

    /// <summary>The modes to ask for so that every need is met, or null when none would do, none is needed, or it would not be known whether Envoy took it.</summary>
    /// <param name="plan">The pipeline.</param>
    /// <param name="request">The request's body mode now.</param>
    /// <param name="response">The response's body mode now.</param>
    /// <param name="moment">When they would be asked for.</param>
    public static ModeRequest? For(PipelinePlan plan, BodySendMode request, BodySendMode response, AskingMoment moment = AskingMoment.Request)
    {
        // A filter in full duplex ignores it; one where only the route says full duplex takes it and forgets the route's modes.
        if (!CanAsk(plan.Envoy) || request is BodySendMode.FullDuplexStreamed || response is BodySendMode.FullDuplexStreamed || IsMet())
        {
            return null;
        }

        // What onError: skip may pass without its body needs no proof.
        return IsMet(besides: OnError.Skip) ? WithAnswer(plan, request, response)
            : (moment is AskingMoment.Response ? null : Direct(plan, request, response)) ?? (plan.Envoy.TrustModeOverride ? WithAnswer(plan, request, response) : null);

        bool IsMet(OnError? besides = null) =>
            (moment is not AskingMoment.Request || plan.Request.IsMetWithoutLengthBy(request, besides)) && plan.Response.IsMetWithoutLengthBy(response, besides);
    }

    /// <summary>The modes that a direction has with the declared ones, and with those that Envoy is then asked for in time.</summary>
    public static ProcessingMode InForce(PipelinePlan plan, ProcessingMode declared, Direction direction)
    {
        AskingMoment moment = declared.SendsHeaders(Direction.Request) ? AskingMoment.Request : AskingMoment.Response;
        return direction is Direction.Request && moment is AskingMoment.Response
            ? declared
            : For(plan, declared.RequestBodyMode, declared.ResponseBodyMode, moment)?.Modes ?? declared;
    }

    /// <summary>What to add to a refusal where overrides are declared as allowed and none is asked for all the same; empty elsewhere.</summary>
    public static string WhyNotAsked(EnvoyDeclaration envoy) => CanAsk(envoy) && !IsTrusted(envoy)
        ? "; no mode override is asked for, because Envoy before 1.40 never says whether it took one: declare envoy.version if it is 1.40 or later, or vouch for the filter's allow_mode_override with envoy.trustModeOverride: true"
        : "";

    /// <summary>
    /// Envoy takes it only with the request in full duplex, and not from a mode that buffers, in which every need is met anyway. It is in
    /// force before the headers are answered, so they can wait for the body.
    /// </summary>
    private static ModeRequest? Direct(PipelinePlan plan, BodySendMode request, BodySendMode response)
    {
        if (!(plan.Envoy.Version >= DirectSince) || request is BodySendMode.Buffered or BodySendMode.BufferedPartial)
        {
            return null;
        }

        ProcessingMode wanted = Named(BodySendMode.FullDuplexStreamed, plan.Response.IsMetWithoutLengthBy(response) ? response : BodySendMode.FullDuplexStreamed);
        return IsAllowed(wanted, plan.Envoy) ? new(wanted, IsDirect: true) : null;
    }

    private static ModeRequest? WithAnswer(PipelinePlan plan, BodySendMode request, BodySendMode response)
    {
        BodySendMode wantedRequest = Best(plan.Request, request), wantedResponse = Best(plan.Response, response);
        ProcessingMode wanted = Named(wantedRequest, wantedResponse);
        return (wantedRequest, wantedResponse) != (request, response) && IsAllowed(wanted, plan.Envoy) ? new(wanted, IsDirect: false) : null;
    }

    // Body modes not named become NONE, so both are always named; DEFAULT keeps what the filter says of headers and trailers.
    private static ProcessingMode Named(BodySendMode request, BodySendMode response) => new()
    {
        RequestBodyMode = request,
        ResponseBodyMode = response,
        RequestTrailerMode = request is BodySendMode.FullDuplexStreamed ? HeaderSendMode.Send : HeaderSendMode.Default,
        ResponseTrailerMode = response is BodySendMode.FullDuplexStreamed ? HeaderSendMode.Send : HeaderSendMode.Default,
    };

    // The headers' answer carries the override, so headers cannot wait for a full-duplex body; BUFFERED lets the body's answer change them.
    private static BodySendMode Best(DirectionPlan plan, BodySendMode current) => plan.IsMetWithoutLengthBy(current)
        ? current
        : ((BodySendMode[])[BodySendMode.FullDuplexStreamed, BodySendMode.Buffered])
            .FirstOrDefault(mode => Array.TrueForAll(plan.Steps, step => ModeFit.Of(step.Needs.Body(plan.Direction), mode) is Fit.Works), current);

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
