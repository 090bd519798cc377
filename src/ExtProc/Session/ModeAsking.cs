using ExtProc.Pipeline;

namespace ExtProc.Session;

/// <summary>
/// Asks Envoy for other modes where the processors need them and the configuration declares that it may, and looks at what came of
/// it: Envoy never says.
/// </summary>
internal static class ModeAsking
{
    /// <summary>With the exchange's first headers: the answer to them is the only place for it.</summary>
    public static void Ask(PipelinePlan plan, DirectionSession request, DirectionSession response, ExchangeReplies replies)
    {
        if (request.HasBegun && response.HasBegun)
        {
            return;
        }

        AskingMoment moment = !request.HasBegun ? AskingMoment.Response : request.IsBodyless ? AskingMoment.BodylessRequest : AskingMoment.Request;
        if (request.Mode is not { } requestMode || response.Mode is not { } responseMode || ModeOverride.For(plan, requestMode, responseMode, moment) is not { } wanted)
        {
            return;
        }

        replies.AskFor(wanted);
        if (wanted.IsDirect)
        {
            request.BeginIn(wanted.Modes.RequestBodyMode, awaitsProof: moment is AskingMoment.Request);
            response.BeginIn(wanted.Modes.ResponseBodyMode, awaitsProof: false);
        }
        else
        {
            request.AskFor(wanted.Modes.RequestBodyMode);
            response.AskFor(wanted.Modes.ResponseBodyMode);
        }
    }

    /// <summary>The exchange is over, and a direction that went on never showed the body that was asked for.</summary>
    public static void Note(ExchangeRun run, params ReadOnlySpan<DirectionSession> directions)
    {
        foreach (DirectionSession direction in directions)
        {
            if (!direction.NeverShowedAskedBody)
            {
                continue;
            }

            foreach (StepPlan step in run.Plan.Of(direction.Direction).Steps.Where(step => step.Needs.Body(direction.Direction).Shape is not BodyShape.None))
            {
                run.Refused(step.Name, Reasons.OverrideMissed);
            }
        }
    }

    /// <summary>The response has begun and the request's body has not come in the mode that was asked for: the override was hardly taken.</summary>
    public static bool LooksMissed(DirectionSession request, DirectionSession response) => response.HasBegun && request.MissedOverride;

    /// <summary>Ends as <c>onError</c> says what goes on without a body that was asked for.</summary>
    /// <exception cref="ProcessorFailedException">A processor that needs it cannot go on without.</exception>
    public static void RefuseMissed(ExchangeRun run, DirectionSession request, ExchangeReplies replies)
    {
        request.ForgetOverride();
        UnseenBodies.RefuseRequest(run, replies, new(Reasons.OverrideMissed, "Envoy did not take the mode override that this processor needs; see allow_mode_override and allowed_override_modes"));
    }
}
