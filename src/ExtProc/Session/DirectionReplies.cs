using System.Buffers;
using ExtProc.Memory;
using ExtProc.Pipeline;
using ExtProc.Protocol;

namespace ExtProc.Session;

/// <summary>
/// The replies of one direction: gathers what the processors release of a part, and sends it in the form that the body send mode
/// asks for.
/// </summary>
internal sealed class DirectionReplies(Direction direction, ReplyEncoder encoder, ExchangeReplies replies, MemoryAccount memory)
{
    private ReplyPhase _phase;

    /// <summary>What the processors released and is not sent yet.</summary>
    public ReleasedParts Released { get; } = new(memory);

    /// <summary>How Envoy sends this direction's body; null when it did not say and it is not declared.</summary>
    public BodySendMode? Mode { get; set; }

    /// <summary>Envoy only shows this exchange: nothing is sent.</summary>
    public bool IsObserved { get; set; }

    /// <summary>Body bytes sent.</summary>
    public long BytesOut { get; private set; }

    /// <summary>The headers' answer has gone, or no answer was owed.</summary>
    public bool HeadersSent { get; private set; }

    public bool OwesSomething => _phase is ReplyPhase.OwesHeaders or ReplyPhase.OwesBody or ReplyPhase.OwesTrailers or ReplyPhase.Streaming;

    public bool IsDuplex => Mode is BodySendMode.FullDuplexStreamed;

    /// <summary>Envoy keeps the headers until the body is answered.</summary>
    public bool HoldsHeadersForBody => Mode is BodySendMode.Buffered or BodySendMode.BufferedPartial;

    /// <summary>Takes note of what has come, and so of what is owed.</summary>
    public void Accept(PartKind part, bool headersHavePassed)
    {
        HeadersSent |= headersHavePassed;
        _phase = ReplyOrder.OnPart(_phase, part, IsDuplex);
    }

    /// <inheritdoc cref="DirectionSession.Pass"/>
    public void Pass(in Part part, bool besideHandler)
    {
        switch (part.Kind)
        {
            case PartKind.Headers:
                HeadersSent = true;
                Reply(part.EndOfStream ? SentReply.HeadersEnd : SentReply.Headers);
                if (!IsObserved)
                {
                    encoder.Headers(direction, HeaderMutation.None, clearRouteCache: false, replacement: null, replies.TakeExtras(withModeOverride: true, besideHandler));
                }

                break;
            case PartKind.Body when IsDuplex:
                SendChunks(part.Content, part.EndOfStream, besideHandler);
                break;
            case PartKind.Body:
                Sent(part.Content.Length);
                Reply(SentReply.Body);
                if (!IsObserved)
                {
                    encoder.Body(direction, changed: null, HeaderMutation.None, clearRouteCache: false, replies.TakeExtras(withModeOverride: false, besideHandler));
                }

                break;
            default:
                Reply(SentReply.Trailers);
                if (!IsObserved)
                {
                    encoder.Trailers(direction, HeaderMutation.None, replies.TakeExtras(withModeOverride: false, besideHandler));
                }

                break;
        }
    }

    /// <summary>Sends what the processors released, in the form that the mode asks for.</summary>
    public void Commit(Exchange exchange, PartKind kind, bool endOfStream, ReadOnlyMemory<byte> received, DirectionFlow flow)
    {
        RequireLengthSeen(exchange, flow);
        if (IsObserved)
        {
            BytesOut += Released.Bytes.Length;
            HeadersSent |= kind is PartKind.Headers;
        }
        else if (IsDuplex)
        {
            CommitDuplex(exchange, kind is PartKind.Headers && endOfStream, flow);
        }
        else
        {
            CommitOne(exchange, kind, endOfStream, received, flow);
        }
    }

    /// <summary>Sends what was released so far, in the middle of a part: full duplex only.</summary>
    public void CommitSoFar(Exchange exchange, DirectionFlow flow)
    {
        RequireLengthSeen(exchange, flow);
        if (Released.Headers && _phase is ReplyPhase.OwesHeaders)
        {
            SendHeaders(exchange, bodyless: false, flow);
        }

        if (HeadersSent)
        {
            SendChunks(new(Released.Bytes), isLast: false);
            Released.ForgetBytes();
        }
        else
        {
            Released.KeepBytes();
        }
    }

    /// <summary>Headers that were not shown have gone with a length that is no longer true: that smuggles requests.</summary>
    private void RequireLengthSeen(Exchange exchange, DirectionFlow flow)
    {
        if (flow.ChangedBody && !IsObserved && !HoldsHeadersForBody && KeepsUnseenLength(exchange.Headers(direction)))
        {
            throw new ExchangeRefusedException(Reasons.ModeUnsupported, $"the {Name} body was changed, and Envoy is declared to keep the content-length (allowContentLengthHeader) of headers that it did not show; {Name}_header_mode: SEND would do");
        }
    }

    private bool KeepsUnseenLength(HeaderMap headers) => replies.Envoy.AllowContentLengthHeader && !headers.IsReceived;

    private void CommitDuplex(Exchange exchange, bool bodyless, DirectionFlow flow)
    {
        if (Released.Headers && _phase is ReplyPhase.OwesHeaders)
        {
            SendHeaders(exchange, bodyless, flow);
            if (bodyless)
            {
                return;
            }
        }

        SendChunks(new(Released.Bytes), Released.Last && !exchange.Trailers(direction).IsReceived);
        if (Released.Trailers)
        {
            Reply(SentReply.Trailers);
            SendTrailers(exchange);
        }
    }

    private void CommitOne(Exchange exchange, PartKind kind, bool endOfStream, ReadOnlyMemory<byte> received, DirectionFlow flow)
    {
        switch (kind)
        {
            case PartKind.Headers:
                SendHeaders(exchange, bodyless: endOfStream, flow);
                break;
            case PartKind.Body:
                SendBody(exchange, received);
                break;
            default:
                if (Released.HasBytes)
                {
                    throw new ExchangeRefusedException(Reasons.BytesHeldAtEnd, $"bytes of the {Name} body were still held when its trailers came, and {ModeName} has no reply left to send them in; FULL_DUPLEX_STREAMED or BUFFERED would do");
                }

                Reply(SentReply.Trailers);
                SendTrailers(exchange);
                break;
        }
    }

    private void SendHeaders(Exchange exchange, bool bodyless, DirectionFlow flow)
    {
        HeaderMap headers = exchange.Headers(direction);
        ReadOnlyMemory<byte>? replacement = null;
        if (bodyless && Released.HasBytes)
        {
            replacement = Released.Bytes;
            Sent(replacement.Value.Length);
        }
        else if (!bodyless && !HoldsHeadersForBody && (!flow.PassesBody || flow.ChangedBody) && replies.MayChangeBody(direction))
        {
            BodyRules.ForgetLengthAndDigests(headers, replies.Envoy);
        }

        headers.RequireWithinLimits();
        HeaderMutation mutation = headers.TakeUnsent();
        bool changesLater = HoldsHeadersForBody && !bodyless && !flow.PassesBody;
        if (!changesLater)
        {
            CloseHeaders(exchange);
        }

        Reply(bodyless ? SentReply.HeadersEnd : SentReply.Headers);
        bool clear = !mutation.IsEmpty && direction is Direction.Request && exchange.TakeClearRouteCache();
        encoder.Headers(direction, mutation, clear, replacement, replies.TakeExtras(withModeOverride: true));
    }

    private void SendBody(Exchange exchange, ReadOnlyMemory<byte> received)
    {
        HeaderMap headers = exchange.Headers(direction);
        bool unchanged = Released.Are(received);
        ReadOnlySequence<byte> bytes = new(Released.Bytes);
        HeaderMutation mutation = HeaderMutation.None;
        if (HoldsHeadersForBody && (headers.IsOpen || KeepsUnseenLength(headers)))
        {
            if (!unchanged)
            {
                BodyRules.SetLength(headers, bytes.Length, isExact: Mode is BodySendMode.Buffered, replies.Envoy);
            }

            headers.RequireWithinLimits();
            mutation = headers.TakeUnsent();
            CloseHeaders(exchange);
        }

        HeadersSent = true;

        bool clear = !mutation.IsEmpty && direction is Direction.Request && exchange.TakeClearRouteCache();
        Sent(bytes.Length);
        Reply(SentReply.Body);
        encoder.Body(direction, unchanged ? null : bytes, mutation, clear, replies.TakeExtras(withModeOverride: false));
    }

    private void SendTrailers(Exchange exchange)
    {
        HeaderMap trailers = exchange.Trailers(direction);
        trailers.RequireWithinLimits();
        HeaderMutation mutation = trailers.TakeUnsent();
        trailers.Close();
        encoder.Trailers(direction, mutation, replies.TakeExtras(withModeOverride: false));
    }

    private void SendChunks(ReadOnlySequence<byte> bytes, bool isLast, bool besideHandler = false)
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
                encoder.StreamedChunk(direction, chunk, end, replies.TakeExtras(withModeOverride: false, besideHandler));
            }
        }
        while (!bytes.IsEmpty);
    }

    /// <summary>The headers can be changed no more.</summary>
    public void CloseHeaders(Exchange exchange)
    {
        HeadersSent = true;
        HeaderMap headers = exchange.Headers(direction);
        if (headers.IsOpen)
        {
            exchange.HeaderRulesOf(direction).ClosedBecause = $" ({Name}_body_mode {ModeName}); declare a need with BeforeHeaders, in FULL_DUPLEX_STREAMED or BUFFERED, to change them after seeing the body";
            headers.Close();
        }
    }

    private void Sent(long bytes)
    {
        BytesOut += bytes;
        replies.Sent(bytes);
    }

    // The last guard: nothing above lets a processor come here with an illegal reply.
    private void Reply(SentReply reply) =>
        _phase = IsObserved ? _phase : ReplyOrder.After(_phase, reply, IsDuplex)
            ?? throw new InvalidOperationException($"{Name} reply {reply} in phase {_phase} ({ModeName}) was about to be sent");

    private string Name => direction is Direction.Request ? "request" : "response";

    private string ModeName => Mode is { } mode ? ModeNames.Of(mode) : "unknown";
}
