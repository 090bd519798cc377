namespace ExtProc.Pipeline;

/// <summary>A processor failed and its <c>onError</c> lets the exchange fail with it.</summary>
internal sealed class ProcessorFailedException(StepPlan step, string reason, Exception cause)
    : Exception(step.Named(cause.Message), cause)
{
    public StepPlan Step { get; } = step;

    /// <summary>What Envoy and the client may be told; the whole message is for the log alone.</summary>
    public string Told => Step.Told(Reason);

    public string Reason { get; } = reason;

    /// <summary>What the client gets where <c>onError: respond</c> can still answer it.</summary>
    /// <param name="direction">In which direction it failed; null for its own response.</param>
    public LocalResponse ToResponse(Direction? direction = null) => new(StatusOf(direction))
    {
        Text = Told,
        Details = Reason,
    };

    private int StatusOf(Direction? direction) => Reason switch
    {
        Reasons.ProcessorTimeout => 504,
        Reasons.BodyUnreadable => direction is Direction.Request ? 415 : 502,
        _ => 500,
    };
}
