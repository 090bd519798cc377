using Envoy.Service.ExtProc.V3;

namespace ExtProc.Front.Filter;

/// <summary>
/// One direction of the filter: what it sends to the server, what it holds meanwhile, and what goes on to the receiver. Events come in
/// order from the sender (client or upstream), answers from the server; each may let the direction go on.
/// </summary>
internal sealed partial class DirectionFilter
{
    private readonly Direction _direction;
    private readonly FilterSettings _settings;
    private readonly IFilterOutput _output;
    private readonly Messages _messages;
    private readonly HeaderEffects _effects;
    private readonly Action<FilterFailure> _fail;
    private readonly HeldBody _held = new(), _ready = new();
    private readonly Queue<ReadOnlyMemory<byte>> _unanswered = new();
    private long _unansweredBytes;
    private List<KeyValuePair<string, string>> _headers = [], _trailers = [];
    private bool _headersCame, _headersSent, _headersAnswered, _endedWithHeaders;
    private bool _bodyCame, _bodySent, _bodyAnswered, _ended, _trailersCame, _trailersSent;
    private bool _mergesHeld, _bodyCameEarly, _cameWhole, _goesOnWithTrailers, _replaced, _passes, _timeWasExtended;

    public DirectionFilter(Direction direction, FilterSettings settings, IFilterOutput output, Messages messages, Action<FilterFailure> fail)
    {
        (_direction, _settings, _output, _messages, _fail) = (direction, settings, output, messages, fail);
        _effects = new(settings.MutationRules, settings.HeaderCount, settings.HeaderBytes, output.Violated);
        Modes = settings.Modes;
    }

    /// <summary>The modes in force; an override changes them.</summary>
    public ProcessingMode Modes { get; set; }

    /// <summary>The sender's headers, as changed so far.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Lines => _headers;

    /// <summary>The message has gone on to its end, or never will.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The receiver has the headers.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>The sender's message has begun.</summary>
    public bool HasBegun => _headersCame;

    /// <summary>The sender's message has come to its end.</summary>
    public bool HasEnded => _ended || _trailersCame;

    /// <summary>A headers message is unanswered.</summary>
    public bool AwaitsHeaders => _headersSent && !_headersAnswered;

    /// <summary>Chunks were given to a server in full duplex: they are lost if it goes away.</summary>
    public bool HasGivenAwayBody => IsDuplex && _bodySent && !IsOver && !_passes;

    /// <summary>An answer is awaited; in full duplex one to headers or trailers.</summary>
    public bool AwaitsAnswer => !IsOver && !_passes && (AwaitsHeaders || _unanswered.Count > 0 || _trailersSent);

    /// <summary>Its body is sent in full duplex.</summary>
    public bool IsDuplex => Mode is BodySendMode.FullDuplexStreamed;

    /// <summary>The message is its headers alone.</summary>
    public bool IsBodyless => _ended && !_bodyCame;

    /// <summary>Bytes of the body that are held here, those of unanswered chunks too.</summary>
    public long HeldBytes => _held.Bytes + _ready.Bytes + _unansweredBytes;

    /// <summary>Whether more of the body may be taken from the sender without an answer.</summary>
    public bool TakesBody => !AwaitsHeaders || IsDuplex || _passes || (_settings.SendBodyWithoutWaitingForHeaderResponse && Mode is BodySendMode.Streamed);

    /// <summary>Whether more of the body is collected until its end.</summary>
    public bool IsBuffering => !_passes && !_replaced && Mode is BodySendMode.Buffered && !IsObserved;

    /// <summary>Whether a message may still be sent or an answer still be taken.</summary>
    public bool MaySend => !IsOver && !_passes && !_replaced
        && (AwaitsAnswer || (!_headersCame && Modes.SendsHeaders(_direction)) || Modes.SendsTrailers(_direction)
            || (SendsBody && !(_bodySent && Mode is BodySendMode.Buffered or BodySendMode.BufferedPartial)));

    private BodySendMode Mode => Modes.BodyMode(_direction);

    private bool IsObserved => _settings.ObservabilityMode;

    private bool SendsBody => IsObserved ? Mode is BodySendMode.Streamed : Mode is not (BodySendMode.None or BodySendMode.Grpc);

    private bool KeepsLength => _settings.AllowContentLengthHeader || Mode is BodySendMode.None or BodySendMode.Grpc
        || (Mode is BodySendMode.Buffered && Modes.SendsHeaders(_direction));

    /// <summary>Headers wait for what the body's answer makes of them.</summary>
    private bool HoldsHeaders => _goesOnWithTrailers || (!IsObserved && !_bodyAnswered && !IsBodyless && (_bodyCame || !_trailersCame) && Mode switch
    {
        BodySendMode.Buffered or BodySendMode.BufferedPartial => true,
        BodySendMode.Streamed => _cameWhole || _settings.Behavior.HoldsHeadersForTheBody,
        BodySendMode.FullDuplexStreamed => _settings.Behavior.HoldsHeadersForTheBody || (_bodyCameEarly && _settings.Behavior.HoldsHeadersForAnEarlyBody),
        _ => false,
    });

    private string Name => _direction is Direction.Request ? "request" : "response";

    /// <summary>Takes the sender's headers.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="end">They are all there is.</param>
    /// <param name="isUpgrade">They ask for an upgrade over HTTP/1.1, or grant it.</param>
    public void OnHeaders(IEnumerable<KeyValuePair<string, string>> lines, bool end, bool isUpgrade)
    {
        (_headersCame, _headers, _ended) = (true, [.. lines], end);
        if (!_passes && Modes.SendsHeaders(_direction))
        {
            _headersSent = true;
            _headersAnswered = IsObserved;
            Send(_messages.Headers(_direction, _headers, end));
        }

        if (isUpgrade && !_passes && IsDuplex && !IsObserved && _settings.Behavior.BeginsUpgradesWithAnEmptyChunk)
        {
            SendChunk(default);
        }

        Advance();
    }

    /// <summary>Takes a piece of the body.</summary>
    /// <param name="bytes">They must not change afterwards.</param>
    /// <param name="end">The message ends with them.</param>
    public void OnData(ReadOnlyMemory<byte> bytes, bool end)
    {
        (_bodyCame, _ended) = (true, end);
        if (!_replaced)
        {
            _held.Add(bytes, end);
        }

        Advance();
    }

    public void OnTrailers(IEnumerable<KeyValuePair<string, string>> lines)
    {
        (_trailersCame, _trailers) = (true, [.. lines]);
        Advance();
    }

    /// <summary>The modes were changed while a headers answer is awaited.</summary>
    public void OnModesChanged() => Advance();

    /// <summary>The server takes no part any more: what it has not answered goes on as it came.</summary>
    public void PassRest()
    {
        _passes = true;
        _output.StopTimer(_direction);
        Advance();
    }

    /// <summary>Nothing of the direction goes on any more.</summary>
    public void Drop()
    {
        IsOver = true;
        _held.Clear();
        _ready.Clear();
        _unanswered.Clear();
        _unansweredBytes = 0;
        _output.StopTimer(_direction);
    }

    /// <summary>Sends, holds and lets go what the state allows.</summary>
    private void Advance()
    {
        if (IsOver || !_headersCame)
        {
            return;
        }

        if (_passes)
        {
            PassWhatCame();
        }
        else if (_replaced)
        {
            EndIfEnded();
        }
        else
        {
            AdvanceProcessed();
        }
    }

    private void AdvanceProcessed()
    {
        if (!AwaitsHeaders && !HoldsHeaders)
        {
            ReleaseHeaders(IsBodyless);
        }

        SendBody();
        SendTrailers();
        if (!IsOver && _ended && !AwaitsHeaders && _unanswered.Count == 0 && _held.IsEmpty && (!IsDuplex || IsBodyless || IsObserved))
        {
            End();
        }
    }

    private void PassWhatCame()
    {
        ReleaseReady();
        ReleaseHeaders(IsBodyless);
        while (_unanswered.TryDequeue(out ReadOnlyMemory<byte> bytes))
        {
            Pass(bytes);
        }

        _unansweredBytes = 0;
        PassHeld();
        EndIfEnded();
    }

    private void PassHeld()
    {
        while (_held.TryTake(out HeldChunk chunk))
        {
            Pass(chunk.Bytes);
        }
    }

    private void EndIfEnded()
    {
        if (_trailersCame)
        {
            EndWithTrailers();
        }
        else if (_ended)
        {
            End();
        }
    }

    private void EndWithTrailers()
    {
        ReleaseReady();
        ReleaseHeaders(false);
        IsOver = true;
        _output.StopTimer(_direction);
        _output.Trailers(_direction, _trailers);
    }

    private void End()
    {
        _output.StopTimer(_direction);
        bool headersOnly = !IsReleased && IsBodyless;
        ReleaseHeaders(headersOnly);
        IsOver = true;
        if (!_endedWithHeaders)
        {
            _output.Data(_direction, default, end: true);
        }
    }

    private void ReleaseHeaders(bool end)
    {
        if (!IsReleased && !_goesOnWithTrailers)
        {
            (IsReleased, _endedWithHeaders) = (true, end);
            _output.Headers(_direction, [.. _headers.Where(line => KeepsLength || IsBodyless || line.Key != "content-length")], end);
        }
    }

    /// <summary>What waited for the trailers' answer goes on.</summary>
    private void ReleaseReady()
    {
        if (_goesOnWithTrailers)
        {
            _goesOnWithTrailers = false;
            ReleaseHeaders(false);
            while (_ready.TryTake(out HeldChunk chunk))
            {
                Pass(chunk.Bytes);
            }
        }
    }

    private void Pass(ReadOnlyMemory<byte> bytes)
    {
        if (_goesOnWithTrailers)
        {
            _ready.Add(bytes, end: false);
        }
        else if (bytes.Length > 0)
        {
            _output.Data(_direction, bytes, end: false);
        }
    }

    private void Send(ProcessingRequest message)
    {
        _timeWasExtended = false;
        _output.Send(_direction, message);
        if (!IsDuplex && !IsObserved)
        {
            _output.StartTimer(_direction, _settings.MessageTimeout);
        }
    }
}
