using System.Buffers;
using ExtProc.Memory;
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
internal sealed class ExchangeSession : IExchangeHost, IAsyncDisposable
{
    // Replies are flushed when nothing more is here to answer, or when this much waits.
    private const int FlushBytes = 64 << 10;

    private readonly PipelinePlan _plan;
    private readonly ReceivedLimits _limits;
    private readonly GrpcReader _reader;
    private readonly IncomingMessages _incoming;
    private readonly ReplyStream _output;
    private readonly ExchangeReplies _replies;
    private readonly DoubtfulParts _doubts;
    private readonly PendingParts _pending;
    private readonly ReceivedContext _context;
    private readonly Turn _turn;
    private readonly TimeProvider _time;
    private readonly MemoryAccount _memory;
    private readonly ExchangeObservation? _observation;
    private ExchangeRun? _run;
    private bool _sawFirst;

    public ExchangeSession(PipelinePlan plan, GrpcReader reader, GrpcWriter writer, GrpcCall call, ExchangeObservation? observation = null)
    {
        (_plan, _reader, _time, _memory, _observation) = (plan, reader, call.Time, call.Memory, observation);
        _limits = new(plan.Limits.ReceivedHeaderBytes, plan.Limits.ReceivedHeaderCount);
        _incoming = new(reader);
        _output = new(writer, plan.Limits.StallTimeout, call.Time);
        _replies = new(plan, _output);
        Request = new(Direction.Request, _output.Encoder, _replies, call.Memory);
        Response = new(Direction.Response, _output.Encoder, _replies, call.Memory);
        _doubts = new(plan, Request, Response, _replies, call.Time);
        _pending = new(plan.Limits.PendingBytes, call.Memory);
        _context = new(call.Memory);
        _turn = new(plan.Limits, call);
        call.BusyLimit = plan.Limits.HandlerTimeout;
    }

    public bool IsObserved { get; private set; }

    public bool IsRehearsal { get; init; }

    public bool CanRespond => !IsObserved && !_plan.Envoy.DisableImmediateResponse && !HasResponseStarted;

    public bool HasResponseStarted => Response.HasBegun && Response.HeadersSent;

    TimeSpan IExchangeHost.TimeLeft => _turn.TimeLeft();

    /// <summary>The exchange's processors; null while none has seen it.</summary>
    public ExchangeRun? Run => _run;

    public DirectionSession Request { get; }

    public DirectionSession Response { get; }

    public StepPlan? Responder => _replies.Responder;

    /// <summary>The response's headers had gone when the processor's answer was to be sent: Envoy can only reset the exchange.</summary>
    public bool RespondedTooLate { get; private set; }

    public LocalResponse? LocalResponse => _replies.Response;

    public bool AskedForModes => _replies.AskedForModes;

    /// <summary>Messages whose kind this build does not know.</summary>
    public int UnknownMessages { get; private set; }

    BodySendMode? IExchangeHost.BodyMode(Direction direction) => Of(direction).Mode;

    IEnumerable<Struct> IExchangeHost.Attributes() => _context.Attributes();

    Struct? IExchangeHost.Metadata(string filterNamespace) => _context.Metadata(filterNamespace);

    bool IExchangeHost.TryExtendTime(TimeSpan time) =>
        _turn.MayExtend(time, _plan.Envoy, IsObserved) && _output.TryExtendTime(time);

    /// <summary>Runs to the end of the stream. Returning means that Envoy half-closed or reset it, or that a local response was sent.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            TakeWhatIsHere();
            await _output.FlushAsync().ConfigureAwait(false);
            if (_replies.Response is not null && !_turn.IsPending)
            {
                await _incoming.EndAsync().ConfigureAwait(false);
                RespondedTooLate = HasResponseStarted;
                await new LocalResponseSender(_plan, _reader, _replies, _time).SendAsync(_run!, Request).ConfigureAwait(false);
                return;
            }

            if (_turn.IsPending)
            {
                await WaitForTurnOrMessageAsync().ConfigureAwait(false);
            }
            else if (_pending.IsEmpty && await _incoming.NextAsync().ConfigureAwait(false) is var wait and not GrpcWait.Message)
            {
                RequireNothingHeld(wait);
                return;
            }
        }
    }

    /// <summary>Takes note of mode overrides that Envoy did not take as far as can be seen.</summary>
    public void NoteMissedOverrides() => ModeAsking.Note(_run!, Request, Response);

    /// <summary>Waits a moment for a busy handler, and gives memory back.</summary>
    public async ValueTask EndAsync()
    {
        await _incoming.EndAsync().ConfigureAwait(false);
        _output.Close();
        bool ended = _run is null || await _turn.EndAsync(_run).ConfigureAwait(false);
        _pending.Release();
        if (ended)
        {
            Request.Release();
            Response.Release();
        }
        else
        {
            Request.Abandon();
            Response.Abandon();
        }
    }

    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        _output.Dispose();
        _incoming.Dispose();
        return _run?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private DirectionSession Of(Direction direction) => direction is Direction.Request ? Request : Response;

    private void TakeWhatIsHere()
    {
        // What a busy handler answers is looked at when it has ended, as everything that it does.
        while ((_turn.IsPending || _replies.Response is null) && _output.UnflushedBytes < FlushBytes)
        {
            if (!_turn.IsPending && _pending.TryTake(out byte[] buffer, out ReadOnlySequence<byte> kept))
            {
                Handle(kept);
                _pending.GiveBack(buffer);
            }
            else if (!_pending.IsFull && _incoming.TryRead(out ReadOnlySequence<byte> message))
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
        Part part = PartDecoder.Decode(message, _limits);
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

        if (part.Direction is Direction.Request && part.Kind is not PartKind.Headers)
        {
            _doubts.RequestWentOn();
        }

        DirectionSession direction = Of(part.Direction);
        bool passes = direction.Passes(part.Kind, _plan.Of(part.Direction)) && !_pending.Has(part.Direction);
        if (_turn.IsPending && !(passes && part.Kind is PartKind.Body))
        {
            _pending.Keep(message, part.Direction);
            return;
        }

        direction.Accept(part);
        _observation?.Arrived(part);
        if (passes && (_plan.IsPassThrough || part.Kind is PartKind.Body))
        {
            lock (_output.Writing)
            {
                direction.Pass(part, besideHandler: _turn.IsPending);
            }

            _observation?.Answered(part.Direction, part.Kind);
            return;
        }

        StartTurn(direction, part, message);
    }

    private void TakeFirst(in Part part)
    {
        _sawFirst = true;
        IsObserved = part.ObservabilityMode;
        foreach (DirectionSession direction in (ReadOnlySpan<DirectionSession>)[Request, Response])
        {
            direction.IsObserved = IsObserved;
            direction.Mode = part.ProtocolConfig?.BodyMode(direction.Direction) ?? _plan.Envoy.ProcessingMode?.BodyMode(direction.Direction);
        }
    }

    private void StartTurn(DirectionSession direction, Part part, in ReadOnlySequence<byte> message)
    {
        _run ??= NewRun();
        if (part.Kind is not PartKind.Body || direction.IsAtFirst)
        {
            _context.Keep(message);
        }

        if (part.Kind is not PartKind.Body)
        {
            // Headers outlive their message: later phases, and whoever keeps the exchange, read from this copy. The largest leave holes in the
            // heap where others have gone before them, for which an eighth more is counted.
            _memory.Take(message.Length + (message.Length / 8));
            part = PartDecoder.Decode(new ReadOnlySequence<byte>(message.ToArray()), _limits);
        }

        direction.Attach(_run, part);
        if (part.Kind is PartKind.Headers)
        {
            ModeAsking.Ask(_plan, Request, Response, _replies);
        }

        _turn.Begin(direction, part, _plan.Envoy);
        _turn.Start(_doubts.RunAsync(_run, direction, part));
        if (_turn.HasEnded)
        {
            FinishTurn();
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

        lock (_output.Writing)
        {
            direction.Commit(_run!, kind, endOfStream);
        }

        _observation?.Answered(direction.Direction, kind);
    }

    private async ValueTask WaitForTurnOrMessageAsync()
    {
        await _turn.WaitAsync(_run!, _output.FlushAsked, _incoming.WaitBeside(mayStart: !_pending.IsFull)).ConfigureAwait(false);
        if (_turn.HasEnded)
        {
            FinishTurn();
        }

        await _incoming.NoteAsync().ConfigureAwait(false);
    }

    private void RequireNothingHeld(GrpcWait end)
    {
        if (end is GrpcWait.HalfClosed && !IsObserved && (Request.HoldsSomething || Response.HoldsSomething))
        {
            throw new ExchangeRefusedException(Reasons.BytesHeldAtEnd, "Envoy ended the stream while headers or bytes were held back for a processor");
        }
    }

    private ExchangeRun NewRun()
    {
        var exchange = new Exchange(this, _plan.Envoy, _plan.Limits);
        _replies.Exchange = exchange;
        return new(_plan, exchange, _memory);
    }
}
