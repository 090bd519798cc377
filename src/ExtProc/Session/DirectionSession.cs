using System.Buffers;
using ExtProc.Memory;
using ExtProc.Pipeline;
using ExtProc.Pipeline.Reading;
using ExtProc.Protocol;

namespace ExtProc.Session;

/// <summary>
/// One direction of an exchange: checks the order of what comes and runs it through the processors; <see cref="Replies"/> sends what
/// they release.
/// </summary>
internal sealed class DirectionSession(Direction direction, ReplyEncoder encoder, ExchangeReplies replies, MemoryAccount memory) : IFlowOutput
{
    private readonly PooledBytes _received = new() { Account = memory };
    private PartPhase _parts;
    private DirectionFlow? _flow;
    private bool _bodyComplete;
    private long _contentLength = -1;
    private BodySendMode? _asked;
    private bool _sawBody, _passesBody, _awaitsProof, _headersWaitForProof;

    public Direction Direction { get; } = direction;

    public DirectionReplies Replies { get; } = new(direction, encoder, replies, memory);

    /// <summary>How Envoy sends this direction's body; null when it did not say and it is not declared.</summary>
    public BodySendMode? Mode
    {
        get => Replies.Mode;
        set => Replies.Mode = value;
    }

    /// <summary>The mode that was asked for and begins after the headers' answer; null when none was.</summary>
    public BodySendMode? ModeLater { get; private set; }

    /// <summary>How the body will be sent, if it has not begun; null when nothing says it.</summary>
    public BodySendMode? NextMode => ModeLater ?? Mode;

    /// <summary>A mode override was asked for, the message goes on, and its body has not come.</summary>
    public bool NeverShowedAskedBody => _asked is not null && _parts is PartPhase.Open && !_sawBody;

    /// <summary>
    /// The same, where the body should have come when the response begins: BUFFERED shows it before the upstream answers, and a body of
    /// known length comes soon. A stream of unknown length may wait for the response.
    /// </summary>
    public bool MissedOverride => NeverShowedAskedBody && (_asked is not BodySendMode.FullDuplexStreamed || _contentLength > 0);

    /// <summary>Envoy only shows this exchange.</summary>
    public bool IsObserved
    {
        get => Replies.IsObserved;
        set => Replies.IsObserved = value;
    }

    /// <summary>Body bytes received.</summary>
    public long BytesIn { get; private set; }

    /// <summary>Body bytes sent.</summary>
    public long BytesOut => Replies.BytesOut;

    /// <summary>The headers' answer has gone, or no answer was owed.</summary>
    public bool HeadersSent => Replies.HeadersSent;

    /// <summary>The part that was accepted last is the first of this direction.</summary>
    public bool IsAtFirst { get; private set; }

    public bool HasBegun => _parts is not PartPhase.Idle;

    /// <summary>The headers said that no body follows.</summary>
    public bool IsBodyless { get; private set; }

    public bool HasEnded => _parts is PartPhase.Ended && !Replies.OwesSomething;

    /// <summary>A body has begun, processors want it, and its end has not come and been answered.</summary>
    public bool HasMoreToShow => HasBegun && !HasEnded && !_bodyComplete && _flow is not null && !_passesBody;

    public bool ChangedBody => _flow?.ChangedBody is true;

    /// <summary>Headers or bytes wait here for a processor.</summary>
    public bool HoldsSomething => (HasBegun && !HeadersSent) || _flow?.WaitingBytes > 0;

    bool IFlowOutput.CanHold => IsObserved || Replies.IsDuplex || (Mode is BodySendMode.Streamed && _contentLength > BytesIn);

    /// <summary>Another mode is asked for with the next answer to headers.</summary>
    public void AskFor(BodySendMode mode)
    {
        if (mode == Mode)
        {
            return;
        }

        _asked = ModeLater = mode;

        // BUFFERED holds the headers from the start, so the answer to them already goes by its rules; and what has not begun begins so.
        if (!HasBegun || mode is BodySendMode.Buffered)
        {
            (Mode, ModeLater) = (mode, null);
        }
    }

    /// <summary>
    /// Another mode was asked for in a message of its own, and is in force unless Envoy fails the exchange. The headers of a message with
    /// a body are let go when the body has begun to come, which proves it.
    /// </summary>
    public void BeginIn(BodySendMode mode, bool awaitsProof) => (Mode, _awaitsProof) = (mode, awaitsProof);

    public void ForgetOverride() => _asked = null;

    bool IFlowOutput.SeesEnd => IsObserved || Replies.IsDuplex || Replies.HoldsHeadersForBody || ModeLater is BodySendMode.FullDuplexStreamed || _contentLength >= 0;

    bool IFlowOutput.HeadersCanWait => !IsObserved && (Replies.IsDuplex || Replies.HoldsHeadersForBody);

    /// <summary>Takes note of what has come.</summary>
    /// <exception cref="ProtocolViolationException">It may not come now.</exception>
    public void Accept(in Part part)
    {
        ReceivedPart received = PartOrder.Of(part);
        IsAtFirst = !HasBegun;
        _parts = PartOrder.After(_parts, received) ?? throw new ProtocolViolationException(Direction, received, _parts);
        _awaitsProof &= part.Kind is PartKind.Headers;
        IsBodyless |= received is ReceivedPart.HeadersEnd;
        if (part.Kind is PartKind.Body)
        {
            BytesIn += part.Content.Length;
            replies.Received(part.Content.Length);
            _sawBody = true;

            // A body in NONE or GRPC: Envoy 1.37 and later send one in GRPC that was complete before the headers were answered.
            Mode = Mode is BodySendMode.None or BodySendMode.Grpc ? BodySendMode.Buffered : Mode;
        }

        // With header mode SKIP the headers have passed, unless Envoy holds them for the body.
        Replies.Accept(part.Kind, headersHavePassed: IsAtFirst && part.Kind is not PartKind.Headers && !Replies.HoldsHeadersForBody);
    }

    /// <summary>
    /// Whether parts of this kind only pass, so that they need not be kept while a processor is busy. What a busy handler decides
    /// meanwhile counts from the end of its part on: bytes that come after that part must not overtake it.
    /// </summary>
    public bool Passes(PartKind kind, DirectionPlan plan) => _flow is null
        ? plan.Steps.Length == 0
        : kind is PartKind.Body && _passesBody && HeadersSent;

    /// <summary>Shows the processors what has come: headers and trailers become readable and changeable.</summary>
    public void Attach(ExchangeRun run, in Part part)
    {
        _flow ??= new DirectionFlow(run, Direction, this);
        Exchange exchange = run.Exchange;
        switch (part.Kind)
        {
            case PartKind.Headers:
                exchange.Headers(Direction).Receive(SegmentOf(part.Content));
                _contentLength = BodyFacts.Length(exchange.Headers(Direction)) ?? -1;
                break;
            case PartKind.Trailers:
                exchange.Trailers(Direction).Receive(SegmentOf(part.Content));
                if (!Replies.IsDuplex || HeadersSent)
                {
                    Replies.CloseHeaders(exchange);
                }

                break;
        }
    }

    /// <summary>Runs a part through the processors. Call <see cref="Commit"/> when it has ended.</summary>
    public ValueTask RunAsync(in Part part)
    {
        if (_headersWaitForProof && !_awaitsProof)
        {
            _headersWaitForProof = false;
            Replies.Released.Headers = true;
        }

        return part.Kind switch
        {
            PartKind.Headers => _flow!.HeadersAsync(part.EndOfStream),
            PartKind.Body => RunBodyAsync(part),
            _ => _flow!.TrailersAsync(),
        };
    }

    /// <summary>Answers a part that no processor wants, from the received bytes.</summary>
    /// <param name="part">The part.</param>
    /// <param name="besideHandler">A handler is busy with the other direction: what it has written so far is not yet to be sent.</param>
    public void Pass(in Part part, bool besideHandler) => Replies.Pass(part, besideHandler);

    /// <summary>Sends what the processors released, in the form that the mode asks for.</summary>
    public void Commit(ExchangeRun run, PartKind kind, bool endOfStream)
    {
        Replies.Commit(run.Exchange, kind, endOfStream, _received.Memory, _flow!);
        EndPart();
        (Mode, ModeLater) = (ModeLater ?? Mode, null);
    }

    /// <summary>Forgets what was released, and gives back the part's memory.</summary>
    public void EndPart()
    {
        Replies.Released.Forget();
        _flow?.EndPart();
        _passesBody = _flow?.PassesBody is true;
        _received.Release();
    }

    /// <summary>Gives back what others wait for, while a handler may still be running.</summary>
    public void Abandon() => _flow?.Abandon();

    /// <summary>Gives back everything. Not to be called while a handler may still be running.</summary>
    public void Release()
    {
        Replies.Released.Forget();
        _received.Release();
        _flow?.Dispose();
    }

    string? IFlowOutput.Refusal(StepPlan step) => IsObserved
        ? null
        : ModeFit.Refusal(step.Name, step.Needs.Body(Direction), NextMode, Direction, _contentLength >= 0 || _parts is PartPhase.Ended);

    string? IFlowOutput.WhyNoBody => replies.Exchange is { } exchange ? BodyRules.WhyNoBody(exchange, Direction) : null;

    void IFlowOutput.ReleaseHeaders()
    {
        if (_awaitsProof && !_flow!.PassesBody)
        {
            _headersWaitForProof = true;
        }
        else
        {
            Replies.Released.Headers = true;
        }
    }

    void IFlowOutput.ReleaseBody(ReadOnlyMemory<byte> bytes, bool isLast) => Replies.Released.Add(bytes, isLast);

    void IFlowOutput.ReleaseTrailers() => Replies.Released.Trailers = true;

    void IFlowOutput.Respond(LocalResponse response, StepPlan step) => replies.Respond(response, step);

    /// <summary>In full duplex what was released goes now; elsewhere, or while the headers wait, it waits for the reply to come.</summary>
    ValueTask IFlowOutput.FlushAsync(CancellationToken cancellation)
    {
        if (Replies.IsDuplex && !IsObserved && replies.Exchange is { } exchange)
        {
            return replies.Output.SendAsync(() => Replies.CommitSoFar(exchange, _flow!), cancellation);
        }

        Replies.Released.KeepBytes();
        return ValueTask.CompletedTask;
    }

    private ValueTask RunBodyAsync(in Part part)
    {
        if (_bodyComplete)
        {
            // The whole was processed: what may still come is the empty chunk that carries the end.
            return part.Content.IsEmpty ? ValueTask.CompletedTask : throw new ProtocolViolationException(Direction);
        }

        (bool isLast, bool isCut) = Mode switch
        {
            BodySendMode.Buffered => (true, false),
            BodySendMode.BufferedPartial when part.EndOfStream || _contentLength == BytesIn => (true, false),
            BodySendMode.BufferedPartial => (false, true),
            BodySendMode.FullDuplexStreamed => (part.EndOfStream, false),
            _ => (part.EndOfStream || _contentLength == BytesIn, false),
        };
        _bodyComplete = isLast || isCut;
        return _flow!.BodyAsync(Received(part), isLast, isCut);
    }

    private ReadOnlyMemory<byte> Received(in Part part)
    {
        _received.Append(part.Content);
        return _received.Memory;
    }

    private static ArraySegment<byte> SegmentOf(in ReadOnlySequence<byte> kept) =>
        kept.IsEmpty ? ArraySegment<byte>.Empty
        : System.Runtime.InteropServices.MemoryMarshal.TryGetArray(kept.First, out ArraySegment<byte> segment) && kept.IsSingleSegment ? segment
        : kept.ToArray();
}
