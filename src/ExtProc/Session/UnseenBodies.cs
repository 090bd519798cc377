using ExtProc.Pipeline;

namespace ExtProc.Session;

/// <summary>
/// What would go on, or has gone on, without a body that a processor needs: found before the headers are answered where that can be known,
/// and ended as the processor's <c>onError</c> says.
/// </summary>
internal static class UnseenBodies
{
    /// <summary>
    /// From here to <see cref="RestIsShown"/> Envoy closes the stream when the response's headers are answered and its body is not sent, and
    /// passes what is still to come of the request. Measured on 1.37.0 and 1.38.3.
    /// </summary>
    private static readonly Version RestPasses = new(1, 37), RestIsShown = new(1, 39);

    /// <summary>Whether <see cref="Refuse"/> has something to look at: a direction that is not shown, or will not be.</summary>
    public static bool AreLikely(PipelinePlan plan, DirectionSession request, DirectionSession response) => !request.IsObserved
        && (!request.HasBegun ? plan.Request.WantsBody && PassedUnseen(plan, request, response)
            : response.HasBegun ? RestWouldPass(plan, request, response)
            : !IsSent(plan.Response, response.NextMode));

    /// <summary>
    /// Ends as <c>onError</c> says what goes on without its body. With the request here and the response's body not to be sent, the request
    /// is the last that can be refused: nothing of the response may ever be shown, for its headers can be skipped. With the response here,
    /// the request was not shown, or the rest of it will not be.
    /// </summary>
    /// <exception cref="ProcessorFailedException">A processor that needs the body cannot go on without.</exception>
    public static void Refuse(ExchangeRun run, DirectionSession request, DirectionSession response, ExchangeReplies replies)
    {
        if (!request.HasBegun)
        {
            RefuseRequest(run, replies, new(Reasons.ModeUnsupported, "the response came without its request, whose body this processor needs; set request_header_mode to SEND, and request_body_mode to FULL_DUPLEX_STREAMED or BUFFERED"));
        }
        else if (response.HasBegun)
        {
            RefuseRequest(run, replies, new(Reasons.ModeUnsupported, $"the response began before the request's body had ended, and Envoy {run.Plan.Envoy.Version} passes the rest of it unprocessed where response bodies are not sent; set response_body_mode to STREAMED or FULL_DUPLEX_STREAMED, or use Envoy 1.39 or later"), besides: OnError.Skip);
        }
        else
        {
            RefuseResponse(run, response, replies);
        }
    }

    /// <summary>Ends as <c>onError</c> says what goes on without the request's body.</summary>
    /// <exception cref="ProcessorFailedException">A processor that needs it cannot go on without.</exception>
    public static void RefuseRequest(ExchangeRun run, ExchangeReplies replies, ExchangeRefusedException refusal, OnError? besides = null)
    {
        foreach (StepPlan step in run.Plan.Request.Steps)
        {
            if (step.OnError != besides && step.Needs.RequestBody.Shape is not BodyShape.None && !run.HasLeft(step) && !run.HasResponded)
            {
                End(run, replies, step, refusal);
            }
        }
    }

    // What may be left out is, when the response is here.
    private static void RefuseResponse(ExchangeRun run, DirectionSession response, ExchangeReplies replies)
    {
        foreach (StepPlan step in run.Plan.Response.Steps)
        {
            if (step.OnError is not OnError.Skip && !run.HasLeft(step) && !run.HasResponded && !ModeFit.IsSent(step.Needs.ResponseBody, response.NextMode))
            {
                string why = ModeFit.Refusal(step.Name, step.Needs.ResponseBody, response.NextMode, Direction.Response, lengthKnown: null)!;
                End(run, replies, step, new(Reasons.ModeUnsupported, why + ModeOverride.WhyNotAsked(run.Plan.Envoy)));
            }
        }
    }

    private static bool RestWouldPass(PipelinePlan plan, DirectionSession request, DirectionSession response) =>
        plan.Envoy.Version >= RestPasses && plan.Envoy.Version < RestIsShown
        && request.HasMoreToShow && response.NextMode is BodySendMode.None or BodySendMode.Grpc;

    private static bool IsSent(DirectionPlan plan, BodySendMode? mode)
    {
        foreach (StepPlan step in plan.Steps)
        {
            if (!ModeFit.IsSent(step.Needs.Body(plan.Direction), mode))
            {
                return false;
            }
        }

        return true;
    }

    // It may have passed, or a local reply has answered it elsewhere. Where an override would have shown it, only the latter is likely.
    private static bool PassedUnseen(PipelinePlan plan, DirectionSession request, DirectionSession response) =>
        request.Mode is not { } mode
        || (!plan.Request.IsMetBy(mode) && (response.Mode is not { } other || ModeOverride.For(plan, mode, other) is null));

    private static void End(ExchangeRun run, ExchangeReplies replies, StepPlan step, ExchangeRefusedException refusal)
    {
        ProcessorFailedException failed = new(step, refusal.Reason, refusal);
        run.Refused(step.Name, refusal.Reason);
        switch (step.OnError)
        {
            case OnError.Skip:
                run.Leave(step);
                break;
            case OnError.Respond when run.Exchange.CanRespond:
                run.HasResponded = true;
                replies.Respond(failed.ToResponse(), step);
                break;
            default:
                throw failed;
        }
    }
}
