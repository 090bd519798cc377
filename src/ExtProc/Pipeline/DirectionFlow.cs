namespace ExtProc.Pipeline;

/// <summary>
/// Takes the parts of one direction through the processors in order. Headers wait at a processor that wants to see the body
/// before they go; those behind it see them when it is done. No two calls overlap.
/// </summary>
internal sealed class DirectionFlow
{
    private const int Nowhere = -1;

    private readonly ExchangeRun _run;
    private readonly Direction _direction;
    private readonly IFlowOutput _output;
    private readonly Stage[] _stages;
    private int _headersWaitAt = Nowhere;
    private bool _bodyEnded;

    public DirectionFlow(ExchangeRun run, Direction direction, IFlowOutput output)
    {
        (_run, _direction, _output) = (run, direction, output);
        StepPlan[] steps = run.Plan.Of(direction).Steps;
        _stages = new Stage[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            _stages[i] = new Stage(steps[i], direction);
        }
    }

    /// <summary>Whether body bytes would only pass: no processor wants them any more, and none waits here.</summary>
    public bool PassesBody => Array.TrueForAll(_stages, stage => (!stage.WantsBody || _run.HasLeft(stage.Step)) && stage.Waiting.Length == 0) && _headersWaitAt == Nowhere;

    /// <summary>Whether a processor changed the body.</summary>
    public bool ChangedBody { get; private set; }

    /// <summary>Bytes that processors hold back.</summary>
    public long WaitingBytes => _stages.Sum(stage => (long)stage.Waiting.Length);

    public ValueTask HeadersAsync(bool endOfStream)
    {
        _bodyEnded = endOfStream;
        return HeadersFromAsync(0, endOfStream);
    }

    public ValueTask BodyAsync(ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        _bodyEnded = isLast;
        return BodyFromAsync(0, bytes, isLast, isCut);
    }

    public async ValueTask TrailersAsync()
    {
        if (!_bodyEnded)
        {
            _bodyEnded = true;
            await BodyFromAsync(0, default, isLast: true, isCut: false).ConfigureAwait(false);
        }

        foreach (Stage stage in _stages)
        {
            if (_run.HasResponded)
            {
                return;
            }

            if (!IsGone(stage) && stage.Step.Needs.Trailers(_direction))
            {
                await CallAsync(stage, CallKind.Trailers).ConfigureAwait(false);
            }
        }

        if (!_run.HasResponded)
        {
            _output.ReleaseTrailers();
        }
    }

    /// <summary>Gives back the memory that only this part needed, once its replies are written.</summary>
    public void EndPart()
    {
        foreach (Stage stage in _stages)
        {
            stage.EndPart();
        }
    }

    public void Release()
    {
        foreach (Stage stage in _stages)
        {
            stage.Release();
        }
    }

    private async ValueTask HeadersFromAsync(int index, bool endOfStream)
    {
        for (; index < _stages.Length; index++)
        {
            Stage stage = _stages[index];
            if (!IsGone(stage) && stage.Step.Needs.Headers(_direction))
            {
                await CallAsync(stage, CallKind.Headers).ConfigureAwait(false);
                if (_run.HasResponded)
                {
                    return;
                }
            }

            if (!endOfStream)
            {
                CheckFit(stage);
            }

            if (_run.HasResponded)
            {
                return;
            }

            if (IsGone(stage) || !stage.WantsBody)
            {
                continue;
            }

            if (endOfStream)
            {
                // A message without a body reaches the body handler once, while its headers are here: it may be given one.
                ReadOnlyMemory<byte> given = await CallBodyAsync(stage, default, isLast: true, isCut: false).ConfigureAwait(false);
                if (_run.HasResponded)
                {
                    return;
                }

                if (!given.IsEmpty)
                {
                    await HeadersFromAsync(index + 1, endOfStream: false).ConfigureAwait(false);
                    await BodyFromAsync(index + 1, given, isLast: true, isCut: false).ConfigureAwait(false);
                    return;
                }
            }
            else if (stage.Need.HoldsHeaders)
            {
                _headersWaitAt = index;
                return;
            }
        }

        _output.ReleaseHeaders();
    }

    /// <summary>Whether the mode gives the processor what it needs; looked at once, when its headers or its first bytes are here.</summary>
    private void CheckFit(Stage stage)
    {
        if (stage.IsFitChecked || IsGone(stage) || !stage.WantsBody)
        {
            return;
        }

        stage.IsFitChecked = true;
        if (_output.Refusal(stage.Step) is { } refusal)
        {
            Fail(stage, new ExchangeRefusedException(Reasons.ModeUnsupported, refusal));
        }
    }

    private async ValueTask BodyFromAsync(int index, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        for (; index < _stages.Length; index++)
        {
            Stage stage = _stages[index];
            bytes = await StageBodyAsync(stage, bytes, isLast, isCut).ConfigureAwait(false);
            if (_run.HasResponded)
            {
                return;
            }

            bool stillWaits = !IsGone(stage) && bytes.IsEmpty && !isLast && !isCut;
            if (index == _headersWaitAt && !stillWaits)
            {
                _headersWaitAt = Nowhere;
                await HeadersFromAsync(index + 1, endOfStream: false).ConfigureAwait(false);
                if (_run.HasResponded)
                {
                    return;
                }
            }

            if (bytes.IsEmpty && !isLast && !isCut)
            {
                return;
            }
        }

        _output.ReleaseBody(bytes, isLast);
    }

    /// <summary>What leaves a stage when these bytes come to it.</summary>
    private ValueTask<ReadOnlyMemory<byte>> StageBodyAsync(Stage stage, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        if (IsGone(stage) || !stage.WantsBody)
        {
            return ValueTask.FromResult(TakeWaitingWith(stage, bytes));
        }

        if (bytes.IsEmpty && !isLast && !isCut)
        {
            return ValueTask.FromResult(bytes);
        }

        CheckFit(stage);
        if (_run.HasResponded || IsGone(stage))
        {
            return ValueTask.FromResult(bytes);
        }

        return stage.Need.Shape switch
        {
            BodyShape.Whole => GatherAsync(stage, bytes, isLast, isCut),
            BodyShape.Messages => MessagesAsync(stage, bytes, isLast, isCut),
            _ => CallBodyAsync(stage, TakeWaitingWith(stage, bytes), isLast, isCut),
        };
    }

    private async ValueTask<ReadOnlyMemory<byte>> GatherAsync(Stage stage, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        if ((long)stage.Waiting.Length + bytes.Length > stage.Need.Bytes || isCut)
        {
            return await OverLimitAsync(stage, bytes, isLast).ConfigureAwait(false);
        }

        if (!isLast)
        {
            Keep(stage, bytes.Span);
            return default;
        }

        return await CallBodyAsync(stage, TakeWaitingWith(stage, bytes), isLast: true, isCut: false).ConfigureAwait(false);
    }

    private async ValueTask<ReadOnlyMemory<byte>> OverLimitAsync(Stage stage, ReadOnlyMemory<byte> bytes, bool isLast)
    {
        switch (stage.Need.OverLimit)
        {
            case OverLimit.Reject:
                int status = _direction is Direction.Request ? 413 : 502;
                Respond(stage, new LocalResponse(status) { Text = $"the body is larger than the {stage.Need.Bytes} bytes that are looked at", Details = Reasons.BodyOverLimit });
                return default;
            case OverLimit.Cut:
                ReadOnlyMemory<byte> result = await CallBodyAsync(stage, TakeWaitingWith(stage, bytes), isLast: false, isCut: !isLast).ConfigureAwait(false);
                stage.IsGone = true;
                return result;
            default:
                stage.IsGone = true;
                return TakeWaitingWith(stage, bytes);
        }
    }

    private ValueTask<ReadOnlyMemory<byte>> MessagesAsync(Stage stage, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut) =>
        CallBodyAsync(stage, TakeWaitingWith(stage, bytes), isLast, isCut);

    private async ValueTask<ReadOnlyMemory<byte>> CallBodyAsync(Stage stage, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        Body body = stage.Body ??= NewBody(stage);
        body.BeginTurn(bytes, isLast, isCut, _output.CanHold);
        bool continues = await CallAsync(stage, CallKind.Body).ConfigureAwait(false);
        if (_run.HasResponded)
        {
            return default;
        }

        try
        {
            ReadOnlyMemory<byte> result = stage.Failed ? body.AbandonTurn() : body.EndTurn(keepHeld: continues);
            ChangedBody |= !body.IsUnchanged;
            if (body.Held > 0)
            {
                Keep(stage, body.HeldBytes.Span);
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
        var body = new Body();
        body.Allow(stage.Need.Shape is BodyShape.Stream ? stage.Need.Bytes : 0, _run.Plan.Limits.HeldBytes, cancellation => FlushAsync(stage, cancellation));
        return body;
    }

    /// <summary>Sends on what a handler made so far, while it is busy making more.</summary>
    private async ValueTask FlushAsync(Stage stage, CancellationToken cancellation)
    {
        int index = Array.IndexOf(_stages, stage);
        ReadOnlyMemory<byte> soFar = stage.Body!.TakeSoFar();
        if (_headersWaitAt == index)
        {
            _headersWaitAt = Nowhere;
            await HeadersFromAsync(index + 1, endOfStream: false).ConfigureAwait(false);
        }

        await BodyFromAsync(index + 1, soFar, isLast: false, isCut: false).ConfigureAwait(false);
        _run.Running = stage.Step;
        await _output.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Calls one handler and carries out its verdict; false when the processor sees no more of this direction.</summary>
    private async ValueTask<bool> CallAsync(Stage stage, CallKind kind)
    {
        int mark = _run.Exchange.Headers(_direction).ChangeCount;
        stage.Failed = false;
        _run.Running = stage.Step;
        try
        {
            Processor processor = _run.Processor(stage.Step);
            Verdict verdict = await Handler(processor, stage, kind).ConfigureAwait(false);
            _run.Running = null;
            return Obey(stage, verdict);
        }
        catch (OperationCanceledException) when (_run.Cancellation.IsCancellationRequested && _run.TimedOutAfter is null)
        {
            throw; // the exchange is over
        }
        catch (Exception failure)
        {
            _run.Running = null;
            _run.Exchange.Headers(_direction).RollBack(mark);
            Fail(stage, TimeoutOr(failure));
            return false;
        }
    }

    private ValueTask<Verdict> Handler(Processor processor, Stage stage, CallKind kind) => (kind, _direction) switch
    {
        (CallKind.Headers, Direction.Request) => processor.OnRequestHeadersAsync(_run.Exchange, _run.Cancellation),
        (CallKind.Headers, _) => processor.OnResponseHeadersAsync(_run.Exchange, _run.Cancellation),
        (CallKind.Body, Direction.Request) => processor.OnRequestBodyAsync(_run.Exchange, stage.Body!, _run.Cancellation),
        (CallKind.Body, _) => processor.OnResponseBodyAsync(_run.Exchange, stage.Body!, _run.Cancellation),
        (_, Direction.Request) => processor.OnRequestTrailersAsync(_run.Exchange, _run.Cancellation),
        _ => processor.OnResponseTrailersAsync(_run.Exchange, _run.Cancellation),
    };

    private bool Obey(Stage stage, Verdict verdict)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Respond:
                Respond(stage, verdict.Response!);
                return false;
            case VerdictKind.SkipRest:
                stage.IsGone = true;
                return false;
            case VerdictKind.Leave:
                _run.Leave(stage.Step);
                return false;
            default:
                return true;
        }
    }

    private Exception TimeoutOr(Exception failure)
    {
        if (_run.TimedOutAfter is not { } limit)
        {
            return failure;
        }

        _run.Renew();
        return new ExchangeRefusedException(Reasons.ProcessorTimeout, $"its handler took longer than {limit.TotalMilliseconds:0} ms (limits.handlerTimeout)");
    }

    private void Fail(Stage stage, Exception failure)
    {
        string reason = failure is ExchangeRefusedException refused ? refused.Reason : Reasons.ProcessorFailed;
        _run.Exchange.Note($"{stage.Step.Name}: {reason}");
        switch (stage.Step.OnError)
        {
            case OnError.Skip:
                stage.Failed = true;
                _run.Leave(stage.Step);
                break;
            case OnError.Respond when _run.Exchange.CanRespond:
                Respond(stage, new LocalResponse(reason is Reasons.ProcessorTimeout ? 504 : 500) { Text = failure is ExchangeRefusedException ? failure.Message : $"processor \"{stage.Step.Name}\" failed", Details = reason });
                break;
            default:
                throw new ProcessorFailedException(stage.Step, reason, failure);
        }
    }

    private void Respond(Stage stage, LocalResponse response)
    {
        _run.HasResponded = true;
        _output.Respond(response, stage.Step);
    }

    private void Keep(Stage stage, ReadOnlySpan<byte> bytes)
    {
        _run.Hold(bytes.Length);
        stage.Waiting.Append(bytes);
    }

    /// <summary>The bytes that wait at a stage, and these behind them, in one piece that lives until the part ends.</summary>
    private ReadOnlyMemory<byte> TakeWaitingWith(Stage stage, ReadOnlyMemory<byte> bytes)
    {
        if (stage.Waiting.Length == 0)
        {
            return bytes;
        }

        stage.Joined.Release();
        stage.Joined.Append(stage.Waiting.Memory.Span);
        stage.Joined.Append(bytes.Span);
        _run.Unhold(stage.Waiting.Length);
        stage.Waiting.Release();
        return stage.Joined.Memory;
    }

    private bool IsGone(Stage stage) => stage.IsGone || _run.HasLeft(stage.Step);

    private enum CallKind
    {
        Headers,
        Body,
        Trailers,
    }
}
