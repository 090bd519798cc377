using System.Buffers;
using System.Buffers.Text;
using ExtProc.Pipeline;
using ExtProc.Protocol;

namespace ExtProc.Session;

/// <summary>
/// One direction of an exchange: checks the order of what comes, runs it through the processors, and turns what they release into
/// the replies that the body send mode asks for.
/// </summary>
internal sealed class DirectionSession(Direction direction, ReplyEncoder encoder, ExchangeReplies replies) : IFlowOutput
{
    private readonly List<ReadOnlyMemory<byte>> _released = [];
    private readonly PooledBytes _received = new();
    private PartPhase _parts;
    private ReplyPhase _replies;
    private DirectionFlow? _flow;
    private bool _headersReleased, _trailersReleased, _lastReleased, _bodyComplete;
    private long _contentLength = -1;
    private BodySendMode? _asked;
    private bool _sawBody;

    public Direction Direction { get; } = direction;

    /// <summary>How Envoy sends this direction's body; null when it did not say and it is not declared.</summary>
    public BodySendMode? Mode { get; set; }

    /// <summary>The mode that was asked for and begins after the headers' answer; null when none was.</summary>
    public BodySendMode? ModeLater { get; private set; }

    /// <summary>A mode override was asked for, the message goes on, and nothing shows that Envoy took it.</summary>
    public bool MissedOverride => _asked is BodySendMode.Buffered or BodySendMode.BufferedPartial && _parts is PartPhase.Open && !_sawBody;

    /// <summary>Envoy only shows this exchange.</summary>
    public bool IsObserved { get; set; }

    /// <summary>Body bytes received and sent.</summary>
    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    /// <summary>The headers' answer has gone, or no answer was owed.</summary>
    public bool HeadersSent { get; private set; }

    public bool HasBegun => _parts is not PartPhase.Idle;

    public bool HasEnded => _parts is PartPhase.Ended && _replies is not (ReplyPhase.OwesHeaders or ReplyPhase.OwesBody or ReplyPhase.OwesTrailers or ReplyPhase.Streaming);

    public bool ChangedBody => _flow?.ChangedBody is true;

    /// <summary>Headers or bytes wait here for a processor.</summary>
    public bool HoldsSomething => (HasBegun && !HeadersSent) || _flow?.WaitingBytes > 0;

    private bool IsDuplex => Mode is BodySendMode.FullDuplexStreamed;

    private bool HoldsHeadersForBody => Mode is BodySendMode.Buffered or BodySendMode.BufferedPartial;

    bool IFlowOutput.CanHold => IsObserved || IsDuplex || (Mode is BodySendMode.Streamed && _contentLength > BytesIn);

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

    public void ForgetOverride() => _asked = null;

    bool IFlowOutput.SeesEnd => IsObserved || IsDuplex || HoldsHeadersForBody || ModeLater is BodySendMode.FullDuplexStreamed || _contentLength >= 0;

    /// <summary>Takes note of what has come.</summary>
    /// <exception cref="ProtocolViolationException">It may not come now.</exception>
    public void Accept(in Part part)
    {
        ReceivedPart received = PartOrder.Of(part);
        bool isFirst = !HasBegun;
        _parts = PartOrder.After(_parts, received) ?? throw new ProtocolViolationException(Direction, received, _parts);
        if (part.Kind is PartKind.Body)
        {
            BytesIn += part.Content.Length;
            replies.Received(part.Content.Length);
            _sawBody = true;

            // A body in NONE or GRPC: Envoy 1.37 and later send one in GRPC that was complete before the headers were answered.
            Mode = Mode is BodySendMode.None or BodySendMode.Grpc ? BodySendMode.Buffered : Mode;
        }

        // With header mode SKIP the headers have passed, unless Envoy holds them for the body.
        HeadersSent |= isFirst && part.Kind is not PartKind.Headers && !HoldsHeadersForBody;
        _replies = ReplyOrder.OnPart(_replies, part.Kind, IsDuplex);
    }

    /// <summary>Whether parts of this kind only pass, so that they need not be kept while a processor is busy.</summary>
    public bool Passes(PartKind kind, DirectionPlan plan) => _flow is null
        ? plan.Steps.Length == 0
        : kind is PartKind.Body && HeadersSent && _flow.PassesBody;

    /// <summary>Answers a part that no processor wants, from the received bytes.</summary>
    public void Pass(in Part part)
    {
        switch (part.Kind)
        {
            case PartKind.Headers:
                HeadersSent = true;
                Reply(part.EndOfStream ? SentReply.HeadersEnd : SentReply.Headers);
                if (!IsObserved)
                {
                    encoder.Headers(Direction, HeaderMutation.None, clearRouteCache: false, replacement: null, replies.TakeExtras(withModeOverride: true));
                }

                break;
            case PartKind.Body when IsDuplex:
                SendChunks(part.Content, part.EndOfStream);
                break;
            case PartKind.Body:
                Sent(part.Content.Length);
                Reply(SentReply.Body);
                if (!IsObserved)
                {
                    encoder.Body(Direction, changed: null, HeaderMutation.None, clearRouteCache: false, replies.TakeExtras(withModeOverride: false));
                }

                break;
            default:
                Reply(SentReply.Trailers);
                if (!IsObserved)
                {
                    encoder.Trailers(Direction, HeaderMutation.None, replies.TakeExtras(withModeOverride: false));
                }

                break;
        }
    }

    /// <summary>Shows the processors what has come: headers and trailers become readable and changeable.</summary>
    public void Attach(Exchange exchange, in Part part)
    {
        switch (part.Kind)
        {
            case PartKind.Headers:
                exchange.Headers(Direction).Receive(SegmentOf(part.Content));
                ReadContentLength(exchange.Headers(Direction));
                break;
            case PartKind.Trailers:
                exchange.Trailers(Direction).Receive(SegmentOf(part.Content));
                if (!IsDuplex || HeadersSent)
                {
                    CloseHeaders(exchange);
                }

                break;
        }
    }

    /// <summary>Runs a part through the processors. Call <see cref="Commit"/> when it has ended.</summary>
    public ValueTask RunAsync(ExchangeRun run, in Part part)
    {
        _flow ??= new DirectionFlow(run, Direction, this);
        return part.Kind switch
        {
            PartKind.Headers => _flow.HeadersAsync(part.EndOfStream),
            PartKind.Body => RunBodyAsync(part),
            _ => _flow.TrailersAsync(),
        };
    }

    /// <summary>Sends what the processors released, in the form that the mode asks for.</summary>
    public void Commit(ExchangeRun run, PartKind kind, bool endOfStream)
    {
        if (IsObserved)
        {
            BytesOut += _released.Sum(piece => (long)piece.Length);
            HeadersSent |= kind is PartKind.Headers;
        }
        else if (IsDuplex)
        {
            CommitDuplex(run, kind is PartKind.Headers && endOfStream);
        }
        else
        {
            CommitOne(run, kind, endOfStream);
        }

        EndPart();
        (Mode, ModeLater) = (ModeLater ?? Mode, null);
    }

    /// <summary>Forgets what was released, and gives back the part's memory.</summary>
    public void EndPart()
    {
        _released.Clear();
        (_headersReleased, _trailersReleased, _lastReleased) = (false, false, false);
        _flow?.EndPart();
        _received.Release();
    }

    /// <summary>Gives back everything. Not to be called while a handler may still be running.</summary>
    public void Release()
    {
        EndPart();
        _flow?.Dispose();
    }

    // A peer that does not say its modes may stream, which asks for the most care.
    string? IFlowOutput.Refusal(StepPlan step) => IsObserved
        ? null
        : ModeFit.Refusal(step.Name, step.Needs.Body(Direction), ModeLater ?? Mode ?? BodySendMode.Streamed, Direction, _contentLength >= 0 || _parts is PartPhase.Ended);

    void IFlowOutput.ReleaseHeaders() => _headersReleased = true;

    void IFlowOutput.ReleaseBody(ReadOnlyMemory<byte> bytes, bool isLast)
    {
        if (!bytes.IsEmpty)
        {
            _released.Add(bytes);
        }

        _lastReleased |= isLast;
    }

    void IFlowOutput.ReleaseTrailers() => _trailersReleased = true;

    void IFlowOutput.Respond(LocalResponse response, StepPlan step) => replies.Respond(response, step);

    /// <summary>In full duplex what was released goes now; elsewhere it waits for the one reply that the message has.</summary>
    ValueTask IFlowOutput.FlushAsync(CancellationToken cancellation) =>
        IsDuplex && !IsObserved && replies.Exchange is { } exchange ? replies.Output.SendAsync(() => CommitSoFar(exchange), cancellation) : ValueTask.CompletedTask;

    private ValueTask RunBodyAsync(in Part part)
    {
        if (_bodyComplete)
        {
            // content-length was reached before: this is the empty chunk that carries the end.
            _released.Add(Received(part));
            return ValueTask.CompletedTask;
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

    private void CommitSoFar(Exchange exchange)
    {
        if (_headersReleased && _replies is ReplyPhase.OwesHeaders)
        {
            SendHeaders(exchange, bodyless: false);
        }

        if (HeadersSent)
        {
            SendChunks(SequenceOf(_released), isLast: false);
            _released.Clear();
        }
    }

    private void CommitDuplex(ExchangeRun run, bool bodyless)
    {
        if (_headersReleased && _replies is ReplyPhase.OwesHeaders)
        {
            SendHeaders(run.Exchange, bodyless);
            if (bodyless)
            {
                return;
            }
        }

        SendChunks(SequenceOf(_released), _lastReleased && !run.Exchange.Trailers(Direction).IsReceived);
        if (_trailersReleased)
        {
            Reply(SentReply.Trailers);
            SendTrailers(run.Exchange);
        }
    }

    private void CommitOne(ExchangeRun run, PartKind kind, bool endOfStream)
    {
        switch (kind)
        {
            case PartKind.Headers:
                SendHeaders(run.Exchange, bodyless: endOfStream);
                break;
            case PartKind.Body:
                SendBody(run.Exchange);
                break;
            default:
                if (_released.Count > 0)
                {
                    throw new ExchangeRefusedException(Reasons.BytesHeldAtEnd, $"bytes of the {Name} body were still held when its trailers came, and {ModeName} has no reply left to send them in; FULL_DUPLEX_STREAMED or BUFFERED would do");
                }

                Reply(SentReply.Trailers);
                SendTrailers(run.Exchange);
                break;
        }
    }

    private void SendHeaders(Exchange exchange, bool bodyless)
    {
        HeaderMap headers = exchange.Headers(Direction);
        ReadOnlyMemory<byte>? replacement = null;
        if (bodyless && _released.Count > 0)
        {
            replacement = SequenceOf(_released).ToArray();
            BodyRules.RequireBodyAllowed(exchange, Direction);
            Sent(replacement.Value.Length);
        }
        else if (!bodyless && !HoldsHeadersForBody && _flow is { PassesBody: false } && replies.MayChangeBody(Direction))
        {
            BodyRules.ForgetLengthAndDigests(headers);
        }

        headers.RequireWithinLimits();
        HeaderMutation mutation = headers.TakeUnsent();
        bool changesLater = HoldsHeadersForBody && !bodyless && _flow is { PassesBody: false };
        if (!changesLater)
        {
            CloseHeaders(exchange);
        }

        Reply(bodyless ? SentReply.HeadersEnd : SentReply.Headers);
        bool clear = !mutation.IsEmpty && Direction is Direction.Request && exchange.TakeClearRouteCache();
        encoder.Headers(Direction, mutation, clear, replacement, replies.TakeExtras(withModeOverride: true));
    }

    private void SendBody(Exchange exchange)
    {
        HeaderMap headers = exchange.Headers(Direction);
        bool unchanged = _released.Count == 1 && _released[0].Equals(_received.Memory) || (_released.Count == 0 && _received.Length == 0);
        ReadOnlySequence<byte> bytes = SequenceOf(_released);
        HeaderMutation mutation = HeaderMutation.None;
        if (HoldsHeadersForBody && headers.IsOpen)
        {
            if (!unchanged)
            {
                BodyRules.SetLength(headers, bytes.Length, isExact: Mode is BodySendMode.Buffered);
            }

            headers.RequireWithinLimits();
            mutation = headers.TakeUnsent();
            CloseHeaders(exchange);
        }

        HeadersSent = true;

        bool clear = !mutation.IsEmpty && Direction is Direction.Request && exchange.TakeClearRouteCache();
        Sent(bytes.Length);
        Reply(SentReply.Body);
        encoder.Body(Direction, unchanged ? null : bytes, mutation, clear, replies.TakeExtras(withModeOverride: false));
    }

    private void SendTrailers(Exchange exchange)
    {
        HeaderMap trailers = exchange.Trailers(Direction);
        trailers.RequireWithinLimits();
        HeaderMutation mutation = trailers.TakeUnsent();
        trailers.Close();
        encoder.Trailers(Direction, mutation, replies.TakeExtras(withModeOverride: false));
    }

    private void SendChunks(ReadOnlySequence<byte> bytes, bool isLast)
    {
        if (bytes.IsEmpty && !isLast)
        {
            return;
        }

        Sent(bytes.Length);
        int most = replies.ChunkBytes;
        do
        {
            ReadOnlySequence<byte> chunk = bytes.Length > most ? bytes.Slice(0, most) : bytes;
            bytes = bytes.Slice(chunk.End);
            bool end = isLast && bytes.IsEmpty;
            Reply(end ? SentReply.BodyEnd : SentReply.Body);
            if (!IsObserved)
            {
                encoder.StreamedChunk(Direction, chunk, end, replies.TakeExtras(withModeOverride: false));
            }
        }
        while (!bytes.IsEmpty);
    }

    private void CloseHeaders(Exchange exchange)
    {
        HeadersSent = true;
        HeaderMap headers = exchange.Headers(Direction);
        if (headers.IsOpen)
        {
            exchange.HeaderRulesOf(Direction).ClosedBecause = $" ({Name}_body_mode {ModeName}); declare a need with BeforeHeaders, in FULL_DUPLEX_STREAMED or BUFFERED, to change them after seeing the body";
            headers.Close();
        }
    }

    private void ReadContentLength(HeaderMap headers)
    {
        if (headers.TryGetReceived("content-length"u8, out ReadOnlySpan<byte> text)
            && Utf8Parser.TryParse(text, out long length, out int used) && used == text.Length)
        {
            _contentLength = length;
        }
    }

    private void Sent(long bytes)
    {
        BytesOut += bytes;
        replies.Sent(bytes);
    }

    // The last guard: nothing above lets a processor come here with an illegal reply.
    private void Reply(SentReply reply) =>
        _replies = IsObserved ? _replies : ReplyOrder.After(_replies, reply, IsDuplex)
            ?? throw new InvalidOperationException($"{Name} reply {reply} in phase {_replies} ({ModeName}) was about to be sent");

    private string Name => Direction is Direction.Request ? "request" : "response";

    private string ModeName => Mode is { } mode ? ModeNames.Of(mode) : "unknown";

    private static ArraySegment<byte> SegmentOf(in ReadOnlySequence<byte> kept) =>
        kept.IsEmpty ? ArraySegment<byte>.Empty
        : System.Runtime.InteropServices.MemoryMarshal.TryGetArray(kept.First, out ArraySegment<byte> segment) && kept.IsSingleSegment ? segment
        : kept.ToArray();

    private static ReadOnlySequence<byte> SequenceOf(List<ReadOnlyMemory<byte>> pieces) => pieces.Count switch
    {
        0 => ReadOnlySequence<byte>.Empty,
        1 => new ReadOnlySequence<byte>(pieces[0]),
        _ => new ReadOnlySequence<byte>(pieces.SelectMany(piece => piece.ToArray()).ToArray()),
    };
}
