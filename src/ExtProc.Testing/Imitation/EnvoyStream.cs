using Envoy.Service.ExtProc.V3;
using ExtProc.Front.Filter;
using ExtProc.Front.Transcripts;
using ExtProc.Testing.Transcripts;
using Google.Protobuf;

namespace ExtProc.Testing.Imitation;

/// <summary>
/// Envoy's end of one ext_proc stream: plays client and upstream to the filter, carries its messages to the server and the answers
/// back, and settles how it went when the stream ends.
/// </summary>
internal sealed class EnvoyStream : IDisposable
{
    private readonly PlaySettings _settings;
    private readonly Seen _seen = new();
    private readonly ServedStream _stream;
    private readonly SeenOutput _output;
    private readonly FilterExchange _exchange;
    private readonly DirectionScript? _request, _response;
    private readonly List<string> _lines = [];
    private readonly Func<int> _burst;
    private int _sent;
    private bool _responseIsNext, _decided, _halfClosed;

    public EnvoyStream(PlaySettings settings)
    {
        _settings = settings;
        _burst = settings.Bursts();
        _stream = new(settings, _seen);
        _output = new(_seen, (direction, message) => Of(direction)!.Enqueue(message));
        _exchange = new(PlayedFilter.SettingsOf(settings, _seen.Metadata), _output);
        _request = settings.Request is { } request ? new(Direction.Request, request, _exchange, settings.BodyIsEarly) : null;
        _response = settings.Response is { } response ? new(Direction.Response, response, _exchange, settings.BodyIsEarly) : null;
    }

    private bool IsPlayedOut => _settings.Order is { } order ? _sent == order.Count && (_request?.IsAnswered ?? true) && (_response?.IsAnswered ?? true)
        : (_request?.IsOver ?? true) && (_response?.IsOver ?? true);

    public async Task<Seen> RunAsync()
    {
        _stream.Start();
        while (!_decided && !IsPlayedOut)
        {
            bool moved = SendBurst() | TakeAnswers();
            if (!moved && !_decided && !IsPlayedOut)
            {
                DemandSendable();
            }

            if (!moved && !_decided && !IsPlayedOut && !await WaitAsync().ConfigureAwait(false))
            {
                break;
            }
        }

        await CloseAsync().ConfigureAwait(false);
        _lines.Add($"client: {(_seen.Client.Arrived ? MessageNotation.Number(_seen.Client.Status ?? 0) : "-")} {Notation.Of(_seen.Client)}");
        if (_seen.Upstream.Arrived)
        {
            _lines.Add($"upstream: {_seen.Upstream.Method} {_seen.Upstream.Path} {Notation.Of(_seen.Upstream)}");
        }

        _seen.Transcript = string.Join("\n", _lines) + "\n";
        return _seen;
    }

    public void Dispose() => _stream.Dispose();

    private bool SendBurst()
    {
        int left = _burst();
        bool sent = false;
        while (left-- > 0 && !_decided && TakeNext() is { } next)
        {
            Send(next);
            sent = true;
        }

        if (sent)
        {
            _stream.Flush();
        }

        return sent;
    }

    // What the script has next, and Envoy will not send whatever the server answers, is not waited for.
    private void DemandSendable()
    {
        if (_settings.Order is { } order && _sent < order.Count && Of(order[_sent])!.IsAnswered)
        {
            throw new FormatException($"message {MessageNotation.Number(_sent + 1)} of the transcript is none that Envoy can send there: see the messages before it, and the mode");
        }
    }

    private ProcessingRequest? TakeNext()
    {
        if (_settings.Order is { } order)
        {
            return _sent < order.Count && Of(order[_sent])!.Next() is { } scripted ? scripted : null;
        }

        bool wasOver = _request?.IsOver ?? true;
        foreach (Direction direction in _responseIsNext ? (Direction[])[Direction.Response, Direction.Request] : [Direction.Request, Direction.Response])
        {
            if ((direction is Direction.Request || ResponseHasStarted()) && Of(direction)?.Next() is { } message)
            {
                _responseIsNext = direction is Direction.Request;
                return message;
            }
        }

        // The request may have come to its end without a message, and with that the response may begin.
        return !wasOver && _request!.IsOver ? TakeNext() : null;
    }

    private bool ResponseHasStarted() => _request is null || _request.IsOver
        || (_settings.ResponseAfterChunks is { } chunks && _seen.Upstream.Arrived && _request.ChunksTaken >= chunks);

    private void Send(ProcessingRequest message)
    {
        _sent++;
        _lines.Add($"> {MessageNotation.Of(message)}");
        _stream.Write(message.ToByteArray());
        if (_sent == _settings.ResetAfter)
        {
            (_decided, _seen.Outcome) = (true, PlayOutcome.Abandoned);
        }
        else if (_sent == _settings.HalfCloseAfter)
        {
            (_decided, _halfClosed, _seen.Outcome) = (true, true, PlayOutcome.Abandoned);
        }
    }

    private async Task<bool> WaitAsync()
    {
        switch (await _stream.WaitAsync().ConfigureAwait(false))
        {
            case StreamWait.Message:
                return true;
            case StreamWait.Ended:
                await _stream.EndedAsync().ConfigureAwait(false);
                OnServerEnd();
                return false;
            default:
                _seen.Outcome = PlayOutcome.Hung;
                _decided = true;
                Violate("the server never sent what Envoy waits for");
                return false;
        }
    }

    private void OnServerEnd()
    {
        _seen.GrpcStatus = _stream.Status;
        _seen.GrpcMessage = _stream.Message;
        _lines.Add(_stream.Status == 0 ? "| server-ends OK" : $"| server-ends {MessageNotation.Number(_stream.Status)} {_stream.Message}");
        _exchange.ServerEnded(_stream.Status, _stream.Message);
        SettleDecided();
    }

    private bool TakeAnswers()
    {
        bool took = false;
        while (!_decided && _stream.TryRead(out byte[] bytes))
        {
            took = true;
            ProcessingResponse answer = ProcessingResponse.Parser.ParseFrom(bytes);
            _lines.Add($"< {MessageNotation.Of(answer)}");
            _exchange.Receive(answer);
            SettleDecided();
        }

        return took;
    }

    /// <summary>The server's part is over: without it the exchange passes to its end.</summary>
    private void SettleDecided()
    {
        if (_output.Outcome is not { } outcome)
        {
            return;
        }

        _decided = true;
        if (outcome is FilterOutcome.FailedOpen or FilterOutcome.Released)
        {
            _request?.GiveRest();
            _response?.GiveRest();
        }
    }

    private async Task CloseAsync()
    {
        bool serverEndedFirst = _seen.GrpcStatus is not null;
        await _stream.CloseAsync(halfClose: _halfClosed).ConfigureAwait(false);
        if (serverEndedFirst)
        {
            return;
        }

        while (_halfClosed && _stream.TryRead(out byte[] bytes))
        {
            _lines.Add($"< {MessageNotation.Of(ProcessingResponse.Parser.ParseFrom(bytes))}");
        }

        _lines.Add(_halfClosed ? "| half-close" : "| cancelled(reset)");
        if (_halfClosed || _stream.Status != 0)
        {
            _seen.GrpcStatus = _stream.Status;
            _seen.GrpcMessage = _stream.Message;
            _lines.Add(_stream.Status == 0 ? "| server-ends OK" : $"| server-ends {MessageNotation.Number(_stream.Status)} {_stream.Message}");
        }

        // In observability mode Envoy is done long before the processors are, and does not look.
        if (_stream.Status != 0 && !_halfClosed && !_settings.Envoy.ObservabilityMode && _seen.Outcome is PlayOutcome.Passed or PlayOutcome.Responded)
        {
            Violate("the server failed a stream that Envoy ended in its normal way");
        }
    }

    private DirectionScript? Of(Direction direction) => direction is Direction.Request ? _request : _response;

    private void Violate(string text) => _seen.ViolationList.Add(text);
}
