using ExtProc.Pipeline.Encodings;
using ExtProc.Pipeline.Messages;
using ExtProc.Pipeline.Reading;

namespace ExtProc.Pipeline;

/// <summary>
/// Takes the parts of one direction through the processors in order. Headers wait at a processor that wants to see the body
/// before they go; those behind it see them when it is done. No two calls overlap.
/// </summary>
internal sealed class DirectionFlow : IDisposable
{
    private const int Nowhere = -1;

    private readonly ExchangeRun _run;
    private readonly Direction _direction;
    private readonly IFlowOutput _output;
    private readonly Stage[] _stages;
    private readonly StageRunner _runner;
    private readonly BodyCheck _check;
    private readonly EncodedPath _encoding;
    private int _headersWaitAt = Nowhere;
    private bool _isBodyless, _bodyEnded, _isOver;

    public DirectionFlow(ExchangeRun run, Direction direction, IFlowOutput output)
    {
        (_run, _direction, _output) = (run, direction, output);
        _stages = run.Plan.Of(direction).TakeStages();
        foreach (Stage stage in _stages)
        {
            stage.Begin(run.Memory);
        }

        _runner = new(run, direction, output, FlushAsync);
        _check = new(_runner, output);
        _encoding = new(_runner, _stages, output);
    }

    /// <summary>Whether body bytes would only pass: no processor wants them any more, and none waits here.</summary>
    public bool PassesBody => Array.TrueForAll(_stages, stage => (!stage.WantsBody || _run.HasLeft(stage.Step)) && stage.Waiting.Length == 0) && _headersWaitAt == Nowhere && !_encoding.IsActive;

    /// <summary>Whether a processor changed the body.</summary>
    public bool ChangedBody => _runner.ChangedBody;

    /// <summary>Bytes that processors hold back.</summary>
    public long WaitingBytes => _stages.Sum(stage => (long)stage.Waiting.Length);

    public ValueTask HeadersAsync(bool endOfStream)
    {
        _isBodyless = _bodyEnded = endOfStream;
        if (!endOfStream)
        {
            _encoding.Begin();
            if (_run.HasResponded)
            {
                return ValueTask.CompletedTask;
            }
        }

        return HeadersFromAsync(0, endOfStream);
    }

    public ValueTask BodyAsync(ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        _bodyEnded = isLast || isCut;
        return _encoding.TryBegin(bytes, isLast, isCut) ? _encoding.RunAsync(bytes, isLast, WholeFlowAsync) : BodyFromAsync(0, bytes, isLast, isCut);
    }

    public async ValueTask TrailersAsync()
    {
        if (!_bodyEnded)
        {
            await BodyAsync(default, isLast: true, isCut: false).ConfigureAwait(false);
        }

        foreach (Stage stage in _stages)
        {
            if (_run.HasResponded)
            {
                return;
            }

            if (!_runner.IsGone(stage) && stage.Step.Needs.Trailers(_direction))
            {
                await _runner.CallAsync(stage, CallKind.Trailers).ConfigureAwait(false);
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

        _encoding.EndPart();
    }

    /// <summary>Gives back what others wait for, while a handler may still be running.</summary>
    public void Abandon() => _encoding.LeavePlace();

    /// <summary>Gives back everything.</summary>
    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _encoding.Dispose();
        foreach (Stage stage in _stages)
        {
            stage.Release();
        }

        _run.Plan.Of(_direction).GiveBack(_stages);
    }

    private async ValueTask HeadersFromAsync(int index, bool endOfStream)
    {
        for (; index < _stages.Length; index++)
        {
            Stage stage = _stages[index];
            if (!_runner.IsGone(stage) && stage.Step.Needs.Headers(_direction))
            {
                await _runner.CallAsync(stage, CallKind.Headers).ConfigureAwait(false);
                if (_run.HasResponded)
                {
                    return;
                }
            }

            if (!endOfStream)
            {
                _check.AtHeaders(stage);
            }

            if (_run.HasResponded)
            {
                return;
            }

            if (_runner.IsGone(stage) || !stage.WantsBody)
            {
                continue;
            }

            if (endOfStream)
            {
                // A message without a body reaches the body handler once, while its headers are here: it may be given one.
                _check.WithoutBody(stage);
                ReadOnlyMemory<byte> given = await StageBodyAsync(stage, default, isLast: true, isCut: false).ConfigureAwait(false);
                if (!given.IsEmpty && _output.WhyNoBody is { } why)
                {
                    given = default;
                    _runner.Fail(stage, new ExchangeRefusedException(Reasons.BodyForbidden, why));
                }

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
            else if (stage.HoldsHeaders)
            {
                _headersWaitAt = index;
                return;
            }
        }

        _output.ReleaseHeaders();
    }

    private ValueTask WholeFlowAsync(ReadOnlyMemory<byte> bytes, bool isLast) => BodyFromAsync(0, bytes, isLast, isCut: false);

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

            bool stillWaits = !_runner.IsGone(stage) && bytes.IsEmpty && !isLast && !isCut;
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

        if (_encoding.IsActive)
        {
            _encoding.Encode(bytes, isLast); // leaves with the part's end, or when its handler flushes
        }
        else
        {
            _output.ReleaseBody(bytes, isLast);
        }
    }

    /// <summary>What leaves a stage when these bytes come to it.</summary>
    private ValueTask<ReadOnlyMemory<byte>> StageBodyAsync(Stage stage, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        if (_runner.IsGone(stage) || !stage.WantsBody)
        {
            return ValueTask.FromResult(_runner.TakeWaitingWith(stage, bytes));
        }

        if (bytes.IsEmpty && !isLast && !isCut)
        {
            return ValueTask.FromResult(bytes);
        }

        _check.AtBytes(stage, bytes.Span, isCut);
        if (_run.HasResponded || !_runner.Wants(stage))
        {
            return ValueTask.FromResult(_runner.TakeWaitingWith(stage, bytes));
        }

        return stage switch
        {
            { Need.Shape: BodyShape.Whole } => WholeBody.GatherAsync(_runner, stage, bytes, isLast, isCut),
            { Format: { } format } => MessageBody.RunAsync(_runner, stage, format, bytes, isLast, isCut),
            { Need.Shape: BodyShape.Messages } when isCut => WholeBody.OverLimitAsync(_runner, stage, bytes, isLast),
            { Parts: not null } => MultipartBody.RunAsync(_runner, stage, bytes, isLast, isCut),
            _ => _runner.CallBodyAsync(stage, _runner.TakeWaitingWith(stage, bytes), isLast, isCut),
        };
    }

    /// <summary>Sends on what a handler made so far, while it is busy making more.</summary>
    private async ValueTask FlushAsync(Stage stage, CancellationToken cancellation)
    {
        if (_isBodyless)
        {
            return; // a body given to such a message goes with its headers' answer, in one piece
        }

        int index = Array.IndexOf(_stages, stage);
        stage.Made.Release(); // those that use it in other ways do not flush
        stage.Made.Append(stage.Body!.SoFar.Span);
        stage.Body.ForgetSoFar();
        if (_headersWaitAt == index)
        {
            _headersWaitAt = Nowhere;
            await HeadersFromAsync(index + 1, endOfStream: false).ConfigureAwait(false);
        }

        await BodyFromAsync(index + 1, stage.Made.Memory, isLast: false, isCut: false).ConfigureAwait(false);
        _encoding.Release(isLast: false);
        _run.Running = stage.Step;
        await _output.FlushAsync(cancellation).ConfigureAwait(false);
    }
}
