namespace ExtProc.Pipeline;

/// <summary>Whether a body send mode can give a processor what it needs. Pure: the table that the documentation prints.</summary>
internal static class ModeFit
{
    /// <summary>How a need and a mode go together.</summary>
    public static Fit Of(BodyNeed need, BodySendMode mode) => (need.Shape, mode) switch
    {
        (BodyShape.None, _) => Fit.Works,
        (_, BodySendMode.None or BodySendMode.Grpc) => Fit.NotSent,
        (BodyShape.Whole, BodySendMode.Streamed) => Fit.HeadersGone,
        (_, BodySendMode.Streamed) when need.HoldsHeaders => Fit.HeadersGone,
        (BodyShape.Messages, BodySendMode.Streamed) => Fit.EndUnseen,
        (_, BodySendMode.Streamed) when need.Bytes > 0 => Fit.WithContentLength,
        (_, BodySendMode.FullDuplexStreamed) when need.HoldsHeaders => Fit.HoldsHeaders,
        (_, BodySendMode.BufferedPartial) => Fit.IfComplete,
        _ => Fit.Works,
    };

    /// <summary>Whether they can go together, for some bodies at least.</summary>
    public static bool CanMeet(BodyNeed need, BodySendMode mode) => Of(need, mode) is Fit.Works or Fit.HoldsHeaders or Fit.WithContentLength or Fit.IfComplete;

    /// <summary>Whether they go together whether or not content-length says where a body ends.</summary>
    public static bool NeedsNoLength(BodyNeed need, BodySendMode mode) => CanMeet(need, mode) && Of(need, mode) is not Fit.WithContentLength;

    /// <summary>Whether a body that is needed is sent, in whatever way; one in an unknown mode may not be.</summary>
    public static bool IsSent(BodyNeed need, BodySendMode? mode) =>
        need.Shape is BodyShape.None || (mode is { } known && Of(need, known) is not Fit.NotSent);

    /// <summary>The modes that would do, best first.</summary>
    public static IEnumerable<BodySendMode> WouldDo(BodyNeed need) =>
        new[] { BodySendMode.FullDuplexStreamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.Streamed }
            .Where(mode => Of(need, mode) is Fit.Works or Fit.HoldsHeaders);

    /// <summary>One sentence: which processor, which mode, why not, which modes would do. Null when it works.</summary>
    /// <param name="step">The processor's name.</param>
    /// <param name="need">What it needs.</param>
    /// <param name="mode">Envoy's mode; <see langword="null"/> when neither Envoy nor the declaration says it.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="lengthKnown">Whether content-length says where the body ends; <see langword="null"/> when that is not known yet.</param>
    public static string? Refusal(string step, BodyNeed need, BodySendMode? mode, Direction direction, bool? lengthKnown) =>
        WhyNot(need, mode, direction, lengthKnown) is { } why ? $"processor \"{step}\" {why}" : null;

    private static string? WhyNot(BodyNeed need, BodySendMode? mode, Direction direction, bool? lengthKnown)
    {
        if (mode is not { } known)
        {
            return need.Shape is BodyShape.None ? null : $"needs {Name(direction)} bodies, and nothing says whether they are sent: Envoy before 1.34 does not tell its modes; declare them in envoy.processingMode";
        }

        string? why = Of(need, known) switch
        {
            Fit.NotSent => "the body is not sent",
            Fit.HeadersGone => "the headers have to go before the body comes",
            Fit.EndUnseen => "a message may begin in one chunk and end in the next, whose reply may never be asked for",
            Fit.WithContentLength when lengthKnown is false => "without content-length the end of the body is not sure to be seen, so no bytes can be held back",
            _ => null,
        };
        return why is null
            ? null
            : $"cannot work with {Name(direction)}_body_mode {ModeNames.Of(known)}: {why}; use {string.Join(" or ", WouldDo(need).Select(ModeNames.Of))}";
    }

    /// <summary>What the declared modes cannot give, nor those that Envoy would be asked for.</summary>
    public static IEnumerable<PipelineProblem> Problems(PipelinePlan plan)
    {
        if (plan.Envoy.ProcessingMode is not { } declared)
        {
            return [];
        }

        return
        [
            .. from step in plan.Steps
               from direction in (Direction[])[Direction.Request, Direction.Response]
               let mode = ModeOverride.InForce(plan, declared, direction)
               where WhyNot(step.Needs.Body(direction), mode.BodyMode(direction), direction, lengthKnown: null) is not null
               let whyNot = WhyNot(step.Needs.Body(direction), declared.BodyMode(direction), direction, lengthKnown: null)
               select new PipelineProblem(step.Name, step.Source, whyNot + ModeOverride.WhyNotAsked(plan.Envoy)),
        ];
    }

    private static string Name(Direction direction) => direction is Direction.Request ? "request" : "response";
}

/// <summary>How a need and a mode go together.</summary>
internal enum Fit
{
    /// <summary>It works.</summary>
    Works,

    /// <summary>It works, with the headers held until the processor has what it needs.</summary>
    HoldsHeaders,

    /// <summary>It works while content-length tells where the body ends.</summary>
    WithContentLength,

    /// <summary>It works when Envoy shows the whole body; else the need's <see cref="OverLimit"/> decides.</summary>
    IfComplete,

    /// <summary>It does not: the body is not sent.</summary>
    NotSent,

    /// <summary>It does not: the headers are gone before the body comes.</summary>
    HeadersGone,

    /// <summary>It does not: bytes must be held, and the end is not sure to be seen.</summary>
    EndUnseen,
}
