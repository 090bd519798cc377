using Envoy.Service.ExtProc.V3;
using ExtProc.Testing.Transcripts;

namespace ExtProc.Testing.Imitation;

/// <summary>
/// One direction of the imitated filter: what it sends next, what it makes of an answer, and what its peer sees. A method that
/// returns text has failed the exchange, and says why.
/// </summary>
internal sealed class DirectionPlay(Direction direction, Traffic traffic, PlaySettings settings, SeenMessage peer, Action<string> violation)
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

        ProcessingRequest? next = NextBody() ?? NextTrailers();
        if (next is null)
        {
            EndIfAnswered();
        }

        return next;
    }

    public string? OnHeaders(HeadersResponse answer)
    {
        if (!AwaitsHeaders || IsOver)
        {
            return Spurious("headers");
        }

        _headersAnswered = true;
        CommonResponse common = answer.Response ?? new();
        if (!_effects.Apply(_headers, common.HeaderMutation, KeepsLength))
        {
            return "header mutation refused";
        }

        if (common.Status is CommonResponse.Types.ResponseStatus.ContinueAndReplace)
        {
            Replace(common.BodyMutation);
            return null;
        }

        if (common.BodyMutation is not null)
        {
            violation($"{Name}h: a body mutation without CONTINUE_AND_REPLACE is ignored");
        }

        ReleaseHeadersUnlessHeld();
        EndIfAnswered();
        return null;
    }

    public string? OnBody(BodyResponse answer)
    {
        CommonResponse common = answer.Response ?? new();
        if (IsOver || AwaitsHeaders || Mode is BodySendMode.None or BodySendMode.Grpc)
        {
            return Spurious("body");
        }

        return IsDuplex ? OnDuplexBody(common) : OnAnsweredBody(common);
    }

    public string? OnTrailers(TrailersResponse answer)
    {
        if (IsOver || !_trailersSent || AwaitsHeaders)
        {
            return Spurious("trailers");
        }

        if (!_effects.Apply(_trailers, answer.HeaderMutation))
        {
            return "trailers mutation refused";
        }

        EndWithTrailers();
        return null;
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

    private string? OnDuplexBody(CommonResponse common)
    {
        if (common.BodyMutation?.MutationCase is not BodyMutation.MutationOneofCase.StreamedResponse)
        {
            return Spurious("body without streamed_response");
        }

        if (common.HeaderMutation is not null)
        {
            violation($"{Name}b: a header mutation is ignored in {ModeNames.Of(Mode)}");
        }

        StreamedBodyResponse streamed = common.BodyMutation.StreamedResponse;
        peer.Write(streamed.Body.Span);
        if (!streamed.EndOfStream)
        {
            return null;
        }

        if (traffic.HasTrailers || !BodyIsTaken || traffic.Unfinished)
        {
            violation($"{Name}b(e) although the peer has not ended its body without trailers");
        }

        End();
        return null;
    }

    private string? OnAnsweredBody(CommonResponse common)
    {
        if (!_unanswered.TryDequeue(out ReadOnlyMemory<byte> original))
        {
            return Spurious("body");
        }

        BodyMutation? mutation = common.BodyMutation;
        if (mutation?.MutationCase is BodyMutation.MutationOneofCase.StreamedResponse)
        {
            if (Mode is BodySendMode.Streamed && !CameWhole)
            {
                return Spurious("streamed_response");
            }

            violation($"{Name}b: streamed_response is ignored in {ModeNames.Of(Mode)}");
            mutation = null;
        }

        if (HoldsHeaders && !peer.Arrived)
        {
            if (!_effects.Apply(_headers, common.HeaderMutation, KeepsLength))
            {
                return "header mutation refused";
            }
        }
        else if (common.HeaderMutation is not null)
        {
            violation($"{Name}b: a header mutation is ignored in {ModeNames.Of(Mode)}");
        }

        ReadOnlyMemory<byte> bytes = BytesOf(mutation, original);
        if (mutation is not null && Mode is BodySendMode.Buffered && KeepsLength && LengthMismatch(bytes.Length) is { } mismatch)
        {
            return mismatch;
        }

        ReleaseHeaders();
        peer.Write(bytes.Span);
        peer.Write(_unseen.Span);
        _unseen = default;
        EndIfAnswered();
        return null;
    }

    private static ReadOnlyMemory<byte> BytesOf(BodyMutation? mutation, ReadOnlyMemory<byte> original) => mutation?.MutationCase switch
    {
        BodyMutation.MutationOneofCase.Body => mutation.Body.Memory,
        null or BodyMutation.MutationOneofCase.None => original,
        _ => default,
    };

    private string? LengthMismatch(int length)
    {
        string? declared = _headers.Find(line => line.Key == "content-length").Value;
        if (declared is null || declared == Notation.Number(length))
        {
            return null;
        }

        violation($"mismatch between content length {declared} and the length {length} of the mutated {Name} body");
        return "content-length mismatch";
    }

    private void Replace(BodyMutation? mutation)
    {
        if (mutation is null)
        {
            PassRest();
            return;
        }

        if (mutation.MutationCase is BodyMutation.MutationOneofCase.StreamedResponse)
        {
            violation($"{Name}h: CONTINUE_AND_REPLACE with streamed_response makes the body empty");
        }

        _headers.RemoveAll(line => line.Key == "content-length");
        ReleaseHeaders();
        peer.Write(BytesOf(mutation, default).Span);
        EndWithTrailers();
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

    private string Spurious(string what)
    {
        string text = $"spurious {Name} {what} answer";
        violation(text);
        return text;
    }

    private string Name => direction is Direction.Request ? "request" : "response";
}
