namespace ExtProc.Pipeline;

/// <summary>A processor failed and its <c>onError</c> lets the exchange fail with it.</summary>
internal sealed class ProcessorFailedException(StepPlan step, string reason, Exception cause)
    : Exception($"{reason}: processor \"{step.Name}\": {cause.Message}", cause)
{
    public StepPlan Step { get; } = step;

    public string Reason { get; } = reason;
}
