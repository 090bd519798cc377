namespace ExtProc.Pipeline;

/// <summary>A processor failed and its <c>onError</c> lets the exchange fail with it.</summary>
internal sealed class ProcessorFailedException(StepPlan step, string reason, Exception cause)
    : Exception($"{reason}: {step.Named(cause.Message)}", cause)
{
    public StepPlan Step { get; } = step;

    public string Reason { get; } = reason;

    /// <summary>What the client gets where <c>onError: respond</c> can still answer it.</summary>
    /// <param name="direction">In which direction it failed; null for its own response.</param>
    /// <param name="text">What to tell the client, where that is less than what the operator is told.</param>
    public LocalResponse ToResponse(Direction? direction = null, string? text = null) => new(StatusOf(direction))
    {
        Text = text ?? (InnerException is ExchangeRefusedException refused ? refused.Message : $"processor \"{Step.Name}\" failed"),
        Details = Reason,
    };

    private int StatusOf(Direction? direction) => Reason switch
    {
        Reasons.ProcessorTimeout => 504,
        Reasons.BodyUnreadable => direction is Direction.Request ? 415 : 502,
        _ => 500,
    };
}
