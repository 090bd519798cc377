using Envoy.Service.ExtProc.V3;

namespace ExtProc.Testing.Imitation;

/// <summary>One direction of the imitated filter: what it sends next, what it makes of an answer, and what its peer sees.</summary>
internal sealed partial class DirectionPlay(Direction direction, Traffic traffic, PlaySettings settings, SeenMessage peer, Action<string> violation)
{
    private readonly IReadOnlyList<(ReadOnlyMemory<byte> Bytes, bool End)> _chunks = traffic.Chunks();
    private readonly List<KeyValuePair<string, string>> _headers = [.. traffic.Headers], _trailers = [.. traffic.Trailers];
    private readonly Queue<ReadOnlyMemory<byte>> _unanswered = new();
    private readonly HeaderEffects _effects = new(settings.Envoy.MutationRules, settings.Limits, violation);
    private ReadOnlyMemory<byte> _unseen;
    private bool _headersSent, _headersAnswered, _trailersSent;

    /// <summary>The modes in force; an override changes them.</summary>
    public ProcessingMode Modes { get; set; } = settings.Modes;

    /// <summary>Chunks taken from the peer so far.</summary>
    public int ChunksTaken { get; private set; }

    /// <summary>Nothing of this direction is sent or awaited any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>A headers message is unanswered.</summary>
    public bool AwaitsHeaders => _headersSent && !_headersAnswered;

    /// <summary>Chunks were given to a server in full duplex: they are lost if it goes away.</summary>
    public bool HasGivenAwayBody => IsDuplex && ChunksTaken > 0 && !IsOver;

    /// <summary>Everything that was sent is answered, as far as that can be told.</summary>
    public bool IsAnswered => IsOver || (!AwaitsHeaders && _unanswered.Count == 0 && (!_trailersSent || IsOver) && (!IsDuplex || traffic.Unfinished));

    private BodySendMode Mode => Modes.BodyMode(direction);

    private bool IsDuplex => Mode is BodySendMode.FullDuplexStreamed;

    private bool IsObserved => settings.Envoy.ObservabilityMode;

    private bool CameWhole => Mode is BodySendMode.Streamed && settings.BodyIsEarly && !traffic.Unfinished && _chunks.Count > 0;

    private bool HoldsHeaders => (Mode is BodySendMode.Buffered or BodySendMode.BufferedPartial && _chunks.Count > 0) || CameWhole;

    private bool KeepsLength => settings.Envoy.AllowContentLengthHeader || Mode is BodySendMode.None or BodySendMode.Grpc
        || (Mode is BodySendMode.Buffered && Modes.SendsHeaders(direction));

    private bool BodyIsTaken => ChunksTaken == _chunks.Count;

    /// <summary>The next message; null when there is none, or none before an answer.</summary>
    public ProcessingRequest? Next()
    {
        ProcessingRequest? next = NextMessage();
        if (next is null || IsObserved)
        {
            EndIfAnswered(); // an observer's answers are not waited for
        }

        return next;
    }

    private ProcessingRequest? NextMessage()
    {
        if (IsOver)
        {
            return null;
        }

        if (!_headersSent)
        {
            _headersSent = true;
            if (Modes.SendsHeaders(direction))
            {
                ProcessingRequest message = Messages.Headers(direction, _headers, traffic.IsBodyless);
                _headersAnswered = IsObserved;
                ReleaseIfObserved();
                return message;
            }

            _headersAnswered = true;
            ReleaseHeadersUnlessHeld();
        }

        return NextBody() ?? NextTrailers();
    }

    /// <summary>The server is gone and Envoy goes on without it: what it has not answered passes as it came.</summary>
    public void PassRest()
    {
        if (IsOver)
        {
            return;
        }

        ReleaseHeaders();
        while (_unanswered.TryDequeue(out ReadOnlyMemory<byte> bytes))
        {
            peer.Write(bytes.Span);
        }

        peer.Write(_unseen.Span);
        foreach ((ReadOnlyMemory<byte> bytes, _) in _chunks.Skip(ChunksTaken))
        {
            peer.Write(bytes.Span);
        }

        EndWithTrailers();
    }

    private ProcessingRequest? NextBody() => Mode switch
    {
        _ when BodyIsTaken => null,
        BodySendMode.FullDuplexStreamed => NextChunk(),
        _ when AwaitsHeaders && !(settings.Envoy.SendBodyWithoutWaitingForHeaderResponse && Mode is BodySendMode.Streamed) => null,
        BodySendMode.Streamed when settings.BodyIsEarly && ChunksTaken == 0 && !IsObserved => WholeBody(int.MaxValue),
        BodySendMode.Streamed => NextChunk(),
        BodySendMode.Buffered when !IsObserved => WholeBody(int.MaxValue),
        BodySendMode.BufferedPartial when !IsObserved => WholeBody(settings.BufferBytes),
        _ => PassBody(),
    };

    private ProcessingRequest NextChunk()
    {
        (ReadOnlyMemory<byte> bytes, bool end) = _chunks[ChunksTaken++];
        if (IsObserved)
        {
            peer.Write(bytes.Span);
        }
        else if (!IsDuplex)
        {
            _unanswered.Enqueue(bytes);
        }

        return Messages.Body(direction, bytes, end);
    }

    private ProcessingRequest WholeBody(int limitBytes)
    {
        bool end = _chunks[^1].End;
        ReadOnlyMemory<byte> body = traffic.Body!.Value;
        ChunksTaken = _chunks.Count;
        if (body.Length > limitBytes)
        {
            (_unseen, body, end) = (body[limitBytes..], body[..limitBytes], false);
        }

        _unanswered.Enqueue(body);
        return Messages.Body(direction, body, end);
    }

    private ProcessingRequest? PassBody()
    {
        foreach ((ReadOnlyMemory<byte> bytes, _) in _chunks.Skip(ChunksTaken))
        {
            peer.Write(bytes.Span);
        }

        ChunksTaken = _chunks.Count;
        return null;
    }

    private ProcessingRequest? NextTrailers()
    {
        if (!traffic.HasTrailers || _trailersSent || !BodyIsTaken || (!IsDuplex && (AwaitsHeaders || _unanswered.Count > 0)))
        {
            return null;
        }

        if (!Modes.SendsTrailers(direction))
        {
            if (IsDuplex)
            {
                violation($"{Name}_trailer_mode is not SEND: Envoy loses what was not returned when trailers come");
            }

            EndWithTrailers();
            return null;
        }

        _trailersSent = true;
        ProcessingRequest message = Messages.Trailers(direction, _trailers);
        if (IsObserved)
        {
            EndWithTrailers();
        }

        return message;
    }

    private void ReleaseIfObserved()
    {
        if (IsObserved)
        {
            ReleaseHeaders();
            EndIfAnswered();
        }
    }

    private void ReleaseHeadersUnlessHeld()
    {
        if (!HoldsHeaders)
        {
            ReleaseHeaders();
        }
    }

    private void ReleaseHeaders()
    {
        if (peer.Arrived)
        {
            return;
        }

        peer.Arrived = true;
        peer.Headers = [.. _headers.Where(line => KeepsLength || traffic.IsBodyless || line.Key != "content-length")];
    }

    private void EndIfAnswered()
    {
        if (IsOver || AwaitsHeaders || _unanswered.Count > 0 || !BodyIsTaken || traffic.Unfinished || traffic.HasTrailers)
        {
            return;
        }

        if (!IsDuplex || traffic.IsBodyless || IsObserved)
        {
            End();
        }
    }

    private void EndWithTrailers()
    {
        peer.Trailers = [.. _trailers];
        if (traffic.Unfinished)
        {
            IsOver = true;
            return;
        }

        End();
    }

    private void End()
    {
        ReleaseHeaders();
        IsOver = peer.EndedCleanly = true;
    }

    private string Name => direction is Direction.Request ? "request" : "response";
}
