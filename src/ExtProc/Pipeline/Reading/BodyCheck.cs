namespace ExtProc.Pipeline.Reading;

/// <summary>Whether a stage can have its body, and read it: looked at once, as soon as it can be known.</summary>
internal sealed class BodyCheck(StageRunner runner, IFlowOutput output)
{
    /// <summary>Its headers are here, and a body may follow.</summary>
    public void AtHeaders(Stage stage)
    {
        if (stage.IsFitChecked || !runner.Wants(stage))
        {
            return;
        }

        long? length = BodyFacts.Length(runner.Headers);
        if ((length is 0 || output.WhyNoBody is not null) && !BodyFacts.IsTunnel(runner.Run.Exchange, runner.Direction))
        {
            return; // no byte may come: if one does, it is looked at then
        }

        BodyReading reading = Read(stage);
        if (reading.IsUntyped && length is null && output.HeadersCanWait && stage.Step.OnError is not OnError.Skip)
        {
            stage.AwaitsBytes = true; // redirects and errors often end without a byte, and then nothing is unread
            return;
        }

        Decide(stage, reading);
    }

    /// <summary>Its message has no body: none is unreadable, and the mode does not matter.</summary>
    public void WithoutBody(Stage stage)
    {
        stage.IsFitChecked = true;
        Take(stage, ReadNothing(stage));
    }

    /// <summary>Bytes of the body are here, or its end.</summary>
    public void AtBytes(Stage stage, ReadOnlySpan<byte> bytes, bool isCut)
    {
        if (!stage.IsFitChecked && runner.Wants(stage))
        {
            Decide(stage, bytes.IsEmpty ? ReadNothing(stage) : Read(stage));
        }

        if (runner.Wants(stage) && !runner.Run.HasResponded)
        {
            RequireUtf8(runner, stage, bytes, "the body");
        }

        if (isCut && runner.Wants(stage) && !runner.Run.HasResponded)
        {
            AtCut(stage);
        }
    }

    /// <summary>Looks at the beginning of a text that comes to a stage.</summary>
    public static void RequireUtf8(StageRunner runner, Stage stage, ReadOnlySpan<byte> bytes, string what)
    {
        if (!stage.TextStart.IsUtf8(bytes))
        {
            Fail(runner, stage, $"{what} is in UTF-16 or UTF-32, and UTF-8 is read");
        }
    }

    /// <summary>A body that cannot be read: its processor's <c>onError</c> says what becomes of it.</summary>
    public static void Fail(StageRunner runner, Stage stage, string why) => runner.Fail(stage, Refusal(why), why);

    private static ExchangeRefusedException Refusal(string why) =>
        new(Reasons.BodyUnreadable, $"{why}; name its type among those that the processor reads, or let it pass unread with onError: skip");

    private BodyReading Read(Stage stage) => BodyReading.Of(
        runner.Run.Exchange, runner.Direction, stage.Need, isReadOnly: stage.Step.NoChanges is not null, runner.Run.Plan.Limits.HeaderBytes);

    private void Decide(Stage stage, BodyReading reading)
    {
        stage.IsFitChecked = true;
        if (reading.Why is { } why)
        {
            Fail(runner, stage, why);
            return;
        }

        if (Refusal(stage, reading) is { } refusal)
        {
            runner.Fail(stage, new ExchangeRefusedException(Reasons.ModeUnsupported, refusal + ModeOverride.WhyNotAsked(runner.Run.Plan.Envoy)));
            return;
        }

        Take(stage, reading);
    }

    /// <summary>How a body is read that a processor may give to a message without one.</summary>
    private BodyReading ReadNothing(Stage stage) =>
        stage.Need.Shape is BodyShape.Messages && Read(stage) is { Why: null } reading ? reading : new BodyReading();

    private void Take(Stage stage, BodyReading reading)
    {
        (stage.Format, stage.Parts, stage.MediaType) = (reading.Format, reading.Parts, reading.MediaType);
        stage.MessageLimitBytes = stage.Need.Shape is BodyShape.Messages ? stage.Need.Bytes : runner.Run.Plan.Limits.HeldBytes;
        stage.TextStart.Begin(reading.IsText);
    }

    /// <summary>A body of which Envoy shows only the first part would go on unseen: its reader has to have said that it may.</summary>
    private void AtCut(Stage stage)
    {
        switch (stage.Need)
        {
            case { Shape: not BodyShape.Stream }:
                break; // gathered bodies have a limit of their own, at which their OverLimit decides
            case { OverLimit: OverLimit.Cut or OverLimit.Skip }:
                runner.Run.Refused(stage.Step.Name, Reasons.BodyOverLimit, "bytes of the body passed unseen");
                stage.IsGone = stage.Need.OverLimit is OverLimit.Skip;
                break;
            default:
                runner.Fail(stage, new ExchangeRefusedException(Reasons.BodyOverLimit, "only the first part of the body is shown, and the rest would pass unseen (BUFFERED_PARTIAL over Envoy's buffer limit); FULL_DUPLEX_STREAMED or BUFFERED would do"));
                break;
        }
    }

    /// <summary>Why the mode cannot give it what it needs; null when it can.</summary>
    private string? Refusal(Stage stage, BodyReading reading) => output.Refusal(stage.Step)
        ?? ((reading.Format ?? (object?)reading.Parts) is not null && !output.SeesEnd
            ? $"processor \"{stage.Step.Name}\" reads this body in parts, which begin in one chunk and end in the next; FULL_DUPLEX_STREAMED or BUFFERED would do"
            : null);
}
