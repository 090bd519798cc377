using ExtProc.Pipeline;
using ExtProc.Protocol;

namespace ExtProc.Session;

/// <summary>The parts of an exchange that may be going on without a body that a processor needs: they run once that is settled.</summary>
internal sealed class DoubtfulParts(PipelinePlan plan, DirectionSession request, DirectionSession response, ExchangeReplies replies, TimeProvider time)
{
    private AwaitedBody? _askedBody;

    /// <summary>Takes note of a part of the request behind its headers: it may be what is waited for.</summary>
    public void RequestWentOn() => _askedBody?.Arrived();

    /// <summary>Runs a part, in doubt only if processors can do without what is not shown, or once a body in the mode that was asked for has come.</summary>
    public ValueTask RunAsync(ExchangeRun run, DirectionSession direction, in Part part) =>
        ModeAsking.LooksMissed(request, response) || UnseenBodies.AreLikely(plan, request, response)
            ? RunInDoubtAsync(run, direction, part)
            : RunSettledAsync(run, direction, part);

    private async ValueTask RunInDoubtAsync(ExchangeRun run, DirectionSession direction, Part part)
    {
        if (UnseenBodies.AreLikely(plan, request, response))
        {
            UnseenBodies.Refuse(run, request, response, replies);
        }
        else if (part.Kind is not PartKind.Headers || !await (_askedBody = new(plan, time)).ArrivesAsync(run.Cancellation).ConfigureAwait(false))
        {
            ModeAsking.RefuseMissed(run, request, replies);
        }

        await RunSettledAsync(run, direction, part).ConfigureAwait(false);
    }

    private static ValueTask RunSettledAsync(ExchangeRun run, DirectionSession direction, in Part part) =>
        run.HasResponded ? ValueTask.CompletedTask : direction.RunAsync(part);
}
