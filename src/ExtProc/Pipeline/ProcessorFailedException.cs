namespace ExtProc.Pipeline;

/// <summary>A processor failed and its <c>onError</c> lets the exchange fail with it.</summary>
internal sealed class ProcessorFailedException(StepPlan step, string reason, Exception cause)
    : Exception($"{reason}: {step.Named(cause.Message)}", cause)
{
    public StepPlan Step { get; } = step;

    public string Reason { get; } = reason;

    /// <summary>What the client gets where <c>onError: respond</c> can still answer it.</summary>
    public LocalResponse ToResponse() => new(Reason is Reasons.ProcessorTimeout ? 504 : 500)
    {
        Text = InnerException is ExchangeRefusedException refused ? refused.Message : $"processor \"{Step.Name}\" failed",
        Details = Reason,
    };
}
