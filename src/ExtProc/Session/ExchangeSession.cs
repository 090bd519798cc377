using System.Buffers;
using ExtProc.Pipeline;
using ExtProc.Protocol;
using ExtProc.Transport;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Session;

/// <summary>
/// One exchange: reads what Envoy sends, runs it through the processors, answers. One loop owns all state.
/// </summary>
/// <remarks>
/// The deadlock that this loop avoids: a handler that is busy with one direction must not keep the other from being read, and a
/// reply that cannot be written must not be waited for by whoever would make room. So a part for a busy processor is kept (up to
/// <c>limits.pendingBytes</c>), parts that no processor wants are answered at once, and only when the kept bytes are at their
/// limit, or the peer leaves our replies unread, nothing more is read: HTTP/2's windows then stop the peer.
/// </remarks>
internal sealed class ExchangeSession : IExchangeHost, IDisposable
{
    // Replies are flushed when nothing more is here to answer, or when this much waits.
    private const int FlushBytes = 64 << 10;

    private readonly PipelinePlan _plan;
    private readonly GrpcReader _reader;
    private readonly GrpcWriter _writer;
    private readonly GrpcCall _call;
    private readonly ReplyEncoder _encoder;
    private readonly ExchangeReplies _replies;
    private readonly DirectionSession _request, _response;
    private readonly PendingParts _pending;
    private readonly ReceivedContext _context = new();
    private readonly Lock _writing = new();
    private readonly Turn _turn;
    private readonly FlushRequests _flushes = new();
    private ExchangeRun? _run;
    private Task<bool>? _reading;
    private bool _sawFirst, _halfClosed;

    public ExchangeSession(PipelinePlan plan, GrpcReader reader, GrpcWriter writer, GrpcCall call)
    {
        (_plan, _reader, _writer, _call) = (plan, reader, writer, call);
        _encoder = new(writer);
        _replies = new(plan);
        _request = new(Direction.Request, _encoder, _replies);
        _response = new(Direction.Response, _encoder, _replies);
        _pending = new(plan.Limits.PendingBytes);
        _turn = new(plan.Limits, call.Time);
        _replies.SendNowAsync = SendNowAsync;
    }

    public bool IsObserved { get; private set; }

    public bool CanRespond => !IsObserved && !_plan.Envoy.DisableImmediateResponse && !(_response.HasBegun && _response.HeadersSent);

    /// <summary>The exchange as its processors see it; null while none has seen it.</summary>
    public Exchange? Exchange => _run?.Exchange;

    public ExchangeRun? Run => _run;

    public DirectionSession Request => _request;

    public DirectionSession Response => _response;

    public StepPlan? Responder => _replies.Responder;

    public LocalResponse? LocalResponse => _replies.Response;

    /// <summary>Messages whose kind this build does not know.</summary>
    public int UnknownMessages { get; private set; }

    BodySendMode? IExchangeHost.BodyMode(Direction direction) => Of(direction).Mode;

    IEnumerable<Struct> IExchangeHost.Attributes() => _context.Attributes();

    Struct? IExchangeHost.Metadata(string filterNamespace) => _context.Metadata(filterNamespace);

    bool IExchangeHost.TryExtendTime(TimeSpan time) => false;

    /// <summary>Runs to the end of the stream. Returning means that Envoy half-closed, or that a local response was sent.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            TakeWhatIsHere();
            await FlushAsync().ConfigureAwait(false);
            _flushes.Done();
            if (_replies.Response is { } response && !_turn.IsPending)
            {
                await RespondAsync(response).ConfigureAwait(false);
                return;
            }

            if (_turn.IsPending)
            {
                await WaitForTurnOrMessageAsync().ConfigureAwait(false);
            }
            else if (_pending.IsEmpty && !await WaitForMessageAsync().ConfigureAwait(false))
            {
                RequireNothingHeld();
                return;
            }
        }
    }

    /// <summary>Waits a moment for a busy handler, and gives memory back.</summary>
    public async ValueTask EndAsync()
    {
        bool ended = await _turn.EndAsync().ConfigureAwait(false);
        _pending.Release();
        if (ended)
        {
            _request.Release();
            _response.Release();
        }
    }

    public void Dispose()
    {
        _run?.Dispose();
        _turn.Dispose();
    }

    private DirectionSession Of(Direction direction) => direction is Direction.Request ? _request : _response;

    private void TakeWhatIsHere()
    {
        while (_replies.Response is null && _writer.UnflushedBytes < FlushBytes)
        {
            if (!_turn.IsPending && _pending.TryTake(out byte[] buffer, out ReadOnlySequence<byte> kept))
            {
                Handle(kept);
                ArrayPool<byte>.Shared.Return(buffer);
            }
            else if (_reading is null && !_pending.IsFull && _reader.TryRead(out ReadOnlySequence<byte> message))
            {
                Handle(message);
            }
            else
            {
                return;
            }
        }
    }

    private void Handle(ReadOnlySequence<byte> message)
    {
        Part part = PartDecoder.Decode(message);
        if (part.Kind is PartKind.Unknown)
        {
            // Any answer would be one that Envoy does not wait for; a later API's message must not break the exchange.
            UnknownMessages++;
            return;
        }

        if (!_sawFirst)
        {
            TakeFirst(part);
        }

        DirectionSession direction = Of(part.Direction);
        bool passes = direction.Passes(part.Kind, _plan.Of(part.Direction)) && !_pending.Has(part.Direction);
        if (_turn.IsPending && !(passes && part.Kind is PartKind.Body))
        {
            _pending.Keep(message, part.Direction);
            return;
        }

        direction.Accept(part);
        if (passes && (_plan.IsPassThrough || part.Kind is PartKind.Body))
        {
            lock (_writing)
            {
                direction.Pass(part);
            }

            return;
        }

        StartTurn(direction, part, message);
    }

    private void TakeFirst(in Part part)
    {
        _sawFirst = true;
        IsObserved = part.ObservabilityMode;
        foreach (DirectionSession direction in (ReadOnlySpan<DirectionSession>)[_request, _response])
        {
            direction.IsObserved = IsObserved;
            direction.Mode = part.ProtocolConfig?.BodyMode(direction.Direction) ?? _plan.Envoy.ProcessingMode?.BodyMode(direction.Direction);
        }
    }

    private void StartTurn(DirectionSession direction, Part part, in ReadOnlySequence<byte> message)
    {
        _run ??= NewRun();
        if (part.Kind is not PartKind.Body || part.HasAttributes)
        {
            // Headers outlive their message: later phases, and whoever keeps the exchange, read from this copy.
            byte[] kept = message.ToArray();
            _context.Keep(kept);
            part = PartDecoder.Decode(new ReadOnlySequence<byte>(kept));
        }

        _run.Cancellation = _turn.Cancellation;
        direction.Attach(_run.Exchange, part);
        if (part.Kind is PartKind.Headers)
        {
            AskForModes();
        }

        _turn.Start(direction, part.Kind, part.EndOfStream, direction.RunAsync(_run, part));
        if (_turn.HasEnded)
        {
            FinishTurn();
        }
    }

    /// <summary>Asks Envoy for the modes that the processors need, where that is declared to work; with the exchange's first headers.</summary>
    private void AskForModes()
    {
        if (_request.HasBegun && _response.HasBegun)
        {
            return;
        }

        if (_request.Mode is not { } request || _response.Mode is not { } response || ModeOverride.For(_plan, request, response) is not { } wanted)
        {
            return;
        }

        _replies.AskFor(wanted);
        (_request.ModeLater, _response.ModeLater) = (wanted.RequestBodyMode, wanted.ResponseBodyMode);
        if (!_response.HasBegun)
        {
            _response.Mode = wanted.ResponseBodyMode;
        }

        // BUFFERED holds the headers from the start, so the answer to them already goes by its rules.
        if (wanted.RequestBodyMode is BodySendMode.Buffered)
        {
            _request.Mode = BodySendMode.Buffered;
        }
    }

    private void FinishTurn()
    {
        (DirectionSession direction, PartKind kind, bool endOfStream) = _turn.Finish();
        if (_replies.Response is not null)
        {
            direction.EndPart();
            return;
        }

        lock (_writing)
        {
            direction.Commit(_run!, kind, endOfStream);
        }
    }

    private async ValueTask WaitForTurnOrMessageAsync()
    {
        if (!_halfClosed && !_pending.IsFull)
        {
            _reading ??= _reader.WaitAsync(_call.Aborted).AsTask();
        }

        await _turn.WaitAsync(_flushes.Asked, _reading).ConfigureAwait(false);
        if (_turn.HasEnded)
        {
            FinishTurn();
        }

        if (_reading is { IsCompleted: true })
        {
            _halfClosed = !await TakeReading().ConfigureAwait(false);
        }
    }

    private ValueTask<bool> WaitForMessageAsync()
    {
        if (_halfClosed)
        {
            return ValueTask.FromResult(false);
        }

        return _reading is null ? _reader.WaitAsync(_call.Aborted) : new ValueTask<bool>(TakeReading());
    }

    private Task<bool> TakeReading()
    {
        Task<bool> reading = _reading!;
        _reading = null;
        return reading;
    }

    /// <summary>Called by a busy handler, on its own thread; the loop flushes, for a pipe has one flush at a time.</summary>
    private ValueTask SendNowAsync(Action write, CancellationToken cancellation)
    {
        lock (_writing)
        {
            write();
        }

        return new ValueTask(_flushes.AskAsync().WaitAsync(cancellation));
    }

    private ValueTask FlushAsync()
    {
        if (_writer.UnflushedBytes == 0)
        {
            return ValueTask.CompletedTask;
        }

        ValueTask flush = _writer.FlushAsync(_call.Aborted);
        return flush.IsCompleted ? flush : WaitForReaderOfRepliesAsync(flush.AsTask());
    }

    private async ValueTask WaitForReaderOfRepliesAsync(Task flush)
    {
        try
        {
            await flush.WaitAsync(_plan.Limits.StallTimeout, _call.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new ExchangeStalledException(_plan.Limits.StallTimeout);
        }
    }

    private async ValueTask RespondAsync(LocalResponse response)
    {
        if (IsObserved)
        {
            return;
        }

        ReadOnlyMemory<byte> body = response.WriteBody is null
            ? LocalResponseEncoder.BodyOf(response)
            : await GatheredBody.OfAsync(response, _turn.Cancellation).ConfigureAwait(false);
        _encoder.Message(LocalResponseEncoder.Immediate(response, body, _run!.Exchange.IsGrpc));
        await FlushAsync().ConfigureAwait(false);
        await DiscardRestAsync().ConfigureAwait(false);
    }

    /// <summary>Envoy closes the stream when it has the answer; ending it first would look to Envoy like a server that went away.</summary>
    private async ValueTask DiscardRestAsync()
    {
        using var limit = new CancellationTokenSource(_plan.Limits.CloseTimeout, _call.Time);
        try
        {
            if (_reading is not null)
            {
                await TakeReading().WaitAsync(limit.Token).ConfigureAwait(false);
            }

            while (await _reader.WaitAsync(limit.Token).ConfigureAwait(false))
            {
                while (_reader.TryRead(out _))
                {
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The reset that was waited for, or the limit.
        }
    }

    private void RequireNothingHeld()
    {
        if (IsObserved)
        {
            return;
        }

        if (_request.WaitingBytes + _response.WaitingBytes > 0 || _request.HoldsHeaders || _response.HoldsHeaders)
        {
            throw new ExchangeRefusedException(Reasons.BytesHeldAtEnd, "Envoy ended the stream while headers or bytes were held back for a processor");
        }
    }

    private ExchangeRun NewRun()
    {
        var exchange = new Exchange(this, _plan.Envoy, _plan.Limits);
        _replies.Exchange = exchange;
        return new(_plan, exchange);
    }
}
