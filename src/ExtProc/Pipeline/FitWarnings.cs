using ExtProc.Configuration;

namespace ExtProc.Pipeline;

/// <summary>
/// What the declared Envoy side gives a processor for a part of the traffic only, or never, so that it is told at start and need not be
/// found out by traffic. What it can never work with is no warning but refused: <see cref="ModeFit"/>.
/// </summary>
internal static class FitWarnings
{
    /// <summary>All of a pipeline; none where nothing is declared, or where Envoy takes no answers.</summary>
    public static IEnumerable<PipelineProblem> Of(PipelinePlan plan)
    {
        if (plan.Envoy.ProcessingMode is not { } declared || plan.Envoy.ObservabilityMode)
        {
            return [];
        }

        return
            from step in plan.Steps
            from direction in (Direction[])[Direction.Request, Direction.Response]
            let mode = ModeOverride.InForce(plan, declared, direction)
            from message in (string?[])[OfBody(step, direction, mode), OfHeaders(step, direction, declared), OfTrailers(step, direction, mode), OfMemory(step, direction, plan.Limits)]
            where message is not null
            select new PipelineProblem(step.Name, step.Source, message);
    }

    private static string? OfBody(StepPlan step, Direction direction, ProcessingMode mode)
    {
        BodyNeed need = step.Needs.Body(direction);
        string side = direction.Word(), field = $"{side}_body_mode {ModeNames.Of(mode.BodyMode(direction))}";
        string? failing = ModeFit.Of(need, mode.BodyMode(direction)) switch
        {
            Fit.WithContentLength when direction is Direction.Request => "requests without content-length (chunked, or HTTP/2 without a length) fail, because bytes are kept back and the end of the body is not sure to be seen",
            Fit.WithContentLength => "answers without content-length (server-sent events, chunked, gRPC, upgrades) fail, because bytes are kept back and the end of the body is not sure to be seen",
            Fit.IfComplete when need.OverLimit is OverLimit.Reject => $"{side} bodies over Envoy's buffer limit fail, because only the beginning is shown",
            _ => null,
        };
        return failing is null ? null : $"with {field} {failing}; use {string.Join(" or ", ModeFit.WouldDo(need).Select(ModeNames.Of))}";
    }

    private static string? OfHeaders(StepPlan step, Direction direction, ProcessingMode mode) =>
        step.Needs.Headers(direction) && step.Needs.Body(direction).Shape is BodyShape.None && !mode.SendsHeaders(direction)
            ? $"it is never shown the headers of a {direction.Word()}, because {direction.Word()}_header_mode is SKIP; use SEND"
            : null;

    private static string? OfTrailers(StepPlan step, Direction direction, ProcessingMode mode) =>
        step.Needs.Trailers(direction) && !mode.SendsTrailers(direction)
            ? $"it is never shown the trailers of a {direction.Word()}, because {direction.Word()}_trailer_mode is not SEND"
            : null;

    private static string? OfMemory(StepPlan step, Direction direction, ExchangeLimits limits) =>
        step.Needs.Body(direction) is { Bytes: var bytes } && bytes > limits.HeldBytes
            ? $"it may gather {bytes} bytes of a {direction.Word()} body, and limits.heldBytes is {limits.HeldBytes}: larger bodies fail; raise limits.heldBytes or lower the processor's limit"
            : null;

    private static string Word(this Direction direction) => direction is Direction.Request ? "request" : "response";
}
