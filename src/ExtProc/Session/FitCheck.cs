using ExtProc.Pipeline;

namespace ExtProc.Session;

/// <summary>Leaves out, answers or fails where a processor's need and Envoy's mode do not go together, as its <c>onError</c> says.</summary>
internal static class FitCheck
{
    /// <exception cref="ProcessorFailedException">A processor cannot work and its <c>onError</c> is fail.</exception>
    public static void Apply(ExchangeRun run, DirectionSession direction, BodySendMode? mode, ExchangeReplies replies)
    {
        foreach (StepPlan step in run.Plan.Of(direction.Direction).Steps)
        {
            if (run.HasLeft(step) || run.HasResponded)
            {
                continue;
            }

            // A peer that does not say its modes may stream, which asks for the most care.
            string? refusal = ModeFit.Refusal(step.Name, step.Needs.Body(direction.Direction), mode ?? BodySendMode.Streamed, direction.Direction, direction.LengthKnown);
            if (refusal is not null)
            {
                Refuse(run, step, refusal, replies);
            }
        }
    }

    private static void Refuse(ExchangeRun run, StepPlan step, string refusal, ExchangeReplies replies)
    {
        run.Exchange.Note($"{step.Name}: {Reasons.ModeUnsupported}");
        switch (step.OnError)
        {
            case OnError.Skip:
                run.Leave(step);
                break;
            case OnError.Respond when run.Exchange.CanRespond:
                run.HasResponded = true;
                replies.Respond(new LocalResponse(500) { Text = refusal, Details = Reasons.ModeUnsupported }, step);
                break;
            default:
                throw new ProcessorFailedException(step, Reasons.ModeUnsupported, new ExchangeRefusedException(Reasons.ModeUnsupported, refusal));
        }
    }
}
