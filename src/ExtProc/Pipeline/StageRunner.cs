using ExtProc.Memory;

namespace ExtProc.Pipeline;

/// <summary>
/// Calls a processor's handlers and carries out what they decide: its verdict, or its failure as its <c>onError</c> says.
/// </summary>
internal sealed class StageRunner(ExchangeRun run, Direction direction, IFlowOutput output, Func<Stage, CancellationToken, ValueTask> flush)
{
    public ExchangeRun Run { get; } = run;

    public Direction Direction { get; } = direction;

    public HeaderMap Headers => Run.Exchange.Headers(Direction);

    private HeaderMap Trailers => Run.Exchange.Trailers(Direction);

    /// <summary>Whether a processor changed the body.</summary>
    public bool ChangedBody { get; private set; }

    public bool IsGone(Stage stage) => stage.IsGone || Run.HasLeft(stage.Step);

    public bool Wants(Stage stage) => stage.WantsBody && !IsGone(stage);

    /// <summary>One turn of a body handler: what leaves of what came.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> CallBodyAsync(Stage stage, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        Body body = stage.Body ??= NewBody(stage);
        body.BeginTurn(bytes, isLast, isCut, output.CanHold);
        body.Show(stage.MediaType, stage.ShowsMessage, stage.EndsUnit);
        bool continues = await CallAsync(stage, CallKind.Body).ConfigureAwait(false);
        if (Run.HasResponded)
        {
            return default;
        }

        try
        {
            ReadOnlyMemory<byte> result = stage.Failed ? body.AbandonTurn() : body.EndTurn(keepHeld: continues);
            ChangedBody |= !body.IsUnchanged;
            if (body.Held > 0)
            {
                Keep(stage, body.HeldBytes);
            }

            return result;
        }
        catch (ExchangeRefusedException refused)
        {
            Fail(stage, refused);
            return body.AbandonTurn();
        }
    }

    private Body NewBody(Stage stage)
    {
        var body = new Body(Run.Memory);
        body.Allow(
            stage.Need.Shape is BodyShape.Stream ? stage.Need.Bytes : 0,
            Run.Plan.Limits.HeldBytes,
            stage.Format is null && stage.Parts is null && stage.Need.Shape is not BodyShape.Messages ? cancellation => flush(stage, cancellation) : null,
            stage.Step.NoChanges);
        return body;
    }

    /// <summary>Calls one handler and carries out its verdict; false when the processor sees no more of this direction.</summary>
    public async ValueTask<bool> CallAsync(Stage stage, CallKind kind)
    {
        if (Run.IsAbandoned)
        {
            throw new OperationCanceledException("the exchange is over, and was not waited for");
        }

        (int headers, int trailers, int metadata) = (Headers.ChangeCount, Trailers.ChangeCount, Run.Exchange.MetadataWrites);
        stage.Failed = false;
        Run.Exchange.NoChanges = stage.Step.NoChanges;
        Run.Running = stage.Step;
        try
        {
            Processor processor = Run.Processor(stage.Step);
            Verdict verdict = await Handler(processor, stage, kind).ConfigureAwait(false);
            Run.Running = null;
            if (Run.TimedOutAfter is not null)
            {
                throw new TimeoutException(); // it was told to end, and what it decided then comes too late
            }

            bool changed = Headers.ChangeCount > headers || Trailers.ChangeCount > trailers || Run.Exchange.MetadataWrites > metadata
                || (kind is CallKind.Body && !stage.Body!.IsUnchanged);
            if (Run.Exchange.IsObserved && (changed || verdict.Kind is VerdictKind.Respond))
            {
                Run.Refused(stage.Step.Name, Reasons.ChangeWithoutEffect); // Envoy takes none here; the exchange goes on
            }

            return Obey(stage, verdict);
        }
        catch (OperationCanceledException) when (Run.Cancellation.IsCancellationRequested && Run.TimedOutAfter is null)
        {
            throw; // the exchange is over
        }
        catch (MemoryBudgetException)
        {
            throw; // not the processor's failure, whichever it was that needed memory
        }
        catch (Exception failure)
        {
            Run.Running = null;
            Headers.RollBack(headers);
            Trailers.RollBack(trailers);
            Fail(stage, TimeoutOr(failure));
            return false;
        }
    }

    private ValueTask<Verdict> Handler(Processor processor, Stage stage, CallKind kind) => (kind, Direction) switch
    {
        (CallKind.Headers, Direction.Request) => processor.OnRequestHeadersAsync(Run.Exchange, Run.Cancellation),
        (CallKind.Headers, _) => processor.OnResponseHeadersAsync(Run.Exchange, Run.Cancellation),
        (CallKind.Body, Direction.Request) => processor.OnRequestBodyAsync(Run.Exchange, stage.Body!, Run.Cancellation),
        (CallKind.Body, _) => processor.OnResponseBodyAsync(Run.Exchange, stage.Body!, Run.Cancellation),
        (_, Direction.Request) => processor.OnRequestTrailersAsync(Run.Exchange, Run.Cancellation),
        _ => processor.OnResponseTrailersAsync(Run.Exchange, Run.Cancellation),
    };

    private bool Obey(Stage stage, Verdict verdict)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Respond when Run.Exchange.IsObserved:
                return true;
            case VerdictKind.Respond:
                Run.Exchange.RequireChangeable();
                RequireResponsesTaken();
                Respond(stage, verdict.Response!);
                return false;
            case VerdictKind.SkipRest:
                stage.IsGone = true;
                return false;
            case VerdictKind.Leave:
                Run.Leave(stage.Step);
                return false;
            default:
                return true;
        }
    }

    private Exception TimeoutOr(Exception failure)
    {
        if (Run.TimedOutAfter is not { } limit)
        {
            return failure;
        }

        Run.Renew();
        return new ExchangeRefusedException(Reasons.ProcessorTimeout, $"its handler took longer than {limit.TotalMilliseconds:0} ms (limits.handlerTimeout)");
    }

    private void RequireResponsesTaken()
    {
        if (Run.Plan.Envoy.DisableImmediateResponse)
        {
            throw new ExchangeRefusedException(Reasons.ResponsesDisabled, "Envoy is declared to refuse responses from here (disable_immediate_response)");
        }
    }

    /// <summary>A processor failed: its <c>onError</c> decides.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="failure">How.</param>
    /// <param name="detail">What the exchange's notes say of it beside its reason.</param>
    public void Fail(Stage stage, Exception failure, string? detail = null)
    {
        string reason = failure is ExchangeRefusedException refused ? refused.Reason : Reasons.ProcessorFailed;
        bool isUnreadable = reason is Reasons.BodyUnreadable;
        Run.Refused(stage.Step.Name, reason, detail);
        ProcessorFailedException failed = new(stage.Step, reason, failure);
        switch (stage.Step.OnError)
        {
            case OnError.Skip when isUnreadable:
            case var _ when isUnreadable && Run.Exchange.IsObserved: // nothing here can keep it from passing
                (stage.Failed, stage.IsBodyLeft) = (true, true); // its other bodies, headers and trailers are still the processor's
                break;
            case OnError.Skip:
                stage.Failed = true;
                Run.Leave(stage.Step);
                Run.Outlive(failed);
                break;
            case OnError.Respond or OnError.Fail when Run.Exchange.CanRespond && (isUnreadable || stage.Step.OnError is OnError.Respond):
                Run.Outlive(failed);
                Respond(stage, failed.ToResponse(Direction));
                break;
            default:
                throw failed;
        }
    }

    /// <summary>Answers that the body is too large, or fails where Envoy takes no answers.</summary>
    public void RejectBody(Stage stage)
    {
        string text = $"the body is larger than the {(stage.Format is null ? stage.Need.Bytes : stage.MessageLimitBytes)} bytes that are looked at";
        Run.Refused(stage.Step.Name, Reasons.BodyOverLimit);
        if (Run.Plan.Envoy.DisableImmediateResponse)
        {
            throw new ProcessorFailedException(stage.Step, Reasons.BodyOverLimit, new ExchangeRefusedException(Reasons.BodyOverLimit, text));
        }

        Respond(stage, new LocalResponse(Direction is Direction.Request ? 413 : 502) { Text = text, Details = Reasons.BodyOverLimit });
    }

    private void Respond(Stage stage, LocalResponse response)
    {
        if (Run.Exchange.HasResponseStarted)
        {
            // A status cannot be taken back: Envoy resets the exchange when it is told to answer now, whatever failure_mode_allow says.
            Run.Refused(stage.Step.Name, Reasons.ResponseStarted);
        }

        Run.HasResponded = true;
        output.Respond(response, stage.Step);
    }

    /// <summary>Gathers bytes behind those that wait already, within the exchange's limit.</summary>
    public void Gather(Stage stage, ReadOnlySpan<byte> bytes)
    {
        Run.Hold(bytes.Length);
        stage.Waiting.Append(bytes);
    }

    /// <summary>
    /// Keeps what is left of a turn's bytes for the next part, within the exchange's limit: their last ones, or, called twice, those before
    /// the last too. They stay where they are, so that who holds much pays only for what comes.
    /// </summary>
    public void Keep(Stage stage, ReadOnlyMemory<byte> last)
    {
        if (!stage.IsJoined)
        {
            Gather(stage, last.Span);
            return;
        }

        Run.Hold(last.Length);
        stage.Waiting.PutBack(last.Length);
    }

    /// <summary>Forgets the bytes that wait at a stage: they come again in another form.</summary>
    public void DropWaiting(Stage stage)
    {
        Run.Unhold(stage.Waiting.Length);
        stage.Waiting.TakeAll();
    }

    /// <summary>The bytes that wait at a stage, and these behind them, in one piece that lives until the next bytes come to it.</summary>
    public ReadOnlyMemory<byte> TakeWaitingWith(Stage stage, ReadOnlyMemory<byte> bytes)
    {
        stage.WaitedBytes = stage.Waiting.Length;
        stage.IsJoined = stage.WaitedBytes > 0;
        if (!stage.IsJoined)
        {
            return bytes;
        }

        Run.Unhold(stage.WaitedBytes);
        stage.Waiting.Append(bytes.Span);
        return stage.Waiting.TakeAll();
    }
}

/// <summary>The handlers of a direction.</summary>
internal enum CallKind
{
    Headers,
    Body,
    Trailers,
}
