namespace ExtProc.Pipeline;

/// <summary>What the two directions of one exchange share: its processors, who has left, and what failed.</summary>
internal sealed class ExchangeRun(PipelinePlan plan, Exchange exchange) : IDisposable
{
    private readonly Processor?[] _processors = new Processor?[plan.Steps.Count];
    private readonly bool[] _left = new bool[plan.Steps.Count];
    private long _heldBytes;

    public PipelinePlan Plan { get; } = plan;

    public Exchange Exchange { get; } = exchange;

    /// <summary>Cancelled when the exchange ends or a handler takes too long.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>The processor whose handler runs now, for messages about time.</summary>
    public StepPlan? Running { get; set; }

    /// <summary>A processor has answered the client: nothing flows any more.</summary>
    public bool HasResponded { get; set; }

    public Processor Processor(StepPlan step) => _processors[step.Index] ??= step.Get();

    public bool HasLeft(StepPlan step) => _left[step.Index];

    public void Leave(StepPlan step) => _left[step.Index] = true;

    /// <summary>Counts bytes held back against the exchange's limit.</summary>
    /// <exception cref="ExchangeRefusedException">The limit is reached.</exception>
    public void Hold(int bytes)
    {
        if (_heldBytes + bytes > Plan.Limits.HeldBytes)
        {
            throw new ExchangeRefusedException(Reasons.BodyOverLimit, $"an exchange may hold {Plan.Limits.HeldBytes} bytes back (limits.heldBytes), and {_heldBytes + bytes} were to be held");
        }

        _heldBytes += bytes;
    }

    public void Unhold(int bytes) => _heldBytes -= bytes;

    /// <summary>Runs the completion hooks, in request order; one that fails does not keep the others from running.</summary>
    public async ValueTask CompleteAsync(Completion completion, Action<StepPlan, Exception> onFailure, CancellationToken cancellation)
    {
        foreach (StepPlan step in Plan.Steps)
        {
            if (!step.CompletionWanted || (_processors[step.Index] is null && !step.IsShared))
            {
                continue;
            }

            try
            {
                await Processor(step).OnCompletedAsync(Exchange, completion, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                onFailure(step, failure);
            }
        }
    }

    public void Dispose()
    {
        foreach (StepPlan step in Plan.Steps)
        {
            if (!step.IsShared)
            {
                (_processors[step.Index] as IDisposable)?.Dispose();
            }
        }
    }
}
