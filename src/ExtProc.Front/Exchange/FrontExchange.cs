using Envoy.Service.ExtProc.V3;
using ExtProc.Front.Filter;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Front.Exchange;

/// <summary>
/// One exchange: takes what client, app and server send, one at a time, to the filter, and what the filter decides to the outlets and
/// the stream. Nothing here waits but a sender for room.
/// </summary>
internal sealed class FrontExchange : IFilterOutput, IDisposable
{
    private readonly Lock _gate = new();
    private readonly FilterExchange _filter;
    private readonly FrontSettings _settings;
    private readonly Func<FrontExchange, ServerStream> _open;
    private readonly IFrontHost _host;
    private readonly AnswerTimers _timers;
    private readonly TaskCompletionSource?[] _waiting = new TaskCompletionSource?[3];
    private ServerStream? _stream;
    private bool _isOver, _isClosed, _isIdle;

    public FrontExchange(FrontSettings settings, FilterSettings filter, IFrontHost host, Func<FrontExchange, ServerStream> open)
    {
        (_settings, _open, _host) = (settings, open, host);
        ToApp = new(OnRoom);
        ToClient = new(OnRoom);
        _timers = new(settings.Time, settings.StreamIdleTimeout, OnTimer, OnIdle);
        _filter = new(filter, this);
    }

    /// <summary>The request, as it goes on to the app.</summary>
    public Outlet ToApp { get; }

    /// <summary>The response, as it goes on to the client.</summary>
    public Outlet ToClient { get; }

    /// <summary>The route is to be chosen again.</summary>
    public bool ClearsRoute { get; private set; }

    /// <summary>The client has a response that is not the app's.</summary>
    public bool IsAnswered
    {
        get
        {
            lock (_gate)
            {
                return _filter.IsAnswered;
            }
        }
    }

    /// <summary>Headers of a direction came.</summary>
    public void Headers(Direction direction, IEnumerable<KeyValuePair<string, string>> lines, bool end, bool isUpgrade = false) =>
        Take(() => _filter.Headers(direction, lines, end, isUpgrade));

    /// <summary>A piece of a body came; the bytes must not change afterwards.</summary>
    public void Data(Direction direction, ReadOnlyMemory<byte> bytes, bool end) => Take(() => _filter.Data(direction, bytes, end));

    /// <summary>Trailers of a direction came.</summary>
    public void Trailers(Direction direction, IEnumerable<KeyValuePair<string, string>> lines) => Take(() => _filter.Trailers(direction, lines));

    /// <summary>Whether the rest of a direction is of no use to anyone.</summary>
    public bool IsOver(Direction direction)
    {
        lock (_gate)
        {
            return _isOver || _filter.Of(direction).IsOver || (direction is Direction.Response && _filter.IsAnswered);
        }
    }

    /// <summary>Waits until a direction may take more of its body.</summary>
    public async ValueTask RoomAsync(Direction direction, CancellationToken cancellation)
    {
        while (WaitingFor(direction) is { } waiting)
        {
            await waiting.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Takes an answer, and waits while receivers are too far behind.</summary>
    public async ValueTask ReceiveAsync(ProcessingResponse answer)
    {
        Take(() =>
        {
            _host.Trace?.Received(answer);
            _filter.Receive(answer);
        });
        while (WaitingForReceivers() is { } waiting)
        {
            await waiting.Task.ConfigureAwait(false);
        }
    }

    /// <summary>The server ended the stream.</summary>
    public void OnServerEnd(int status, string message) => Take(() =>
    {
        if (!_isClosed)
        {
            _host.Trace?.ServerEnded(status, message);
        }

        _filter.ServerEnded(status, message);
    });

    /// <summary>Bytes went out: a sender that waits may go on.</summary>
    public void OnRoom()
    {
        _timers.Moved();
        lock (_gate)
        {
            WakeAll();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _timers.Dispose();
            _stream?.Close(_settings.CloseGrace);
            WakeAll();
        }
    }

    void IFilterOutput.Send(Direction direction, ProcessingRequest message)
    {
        _host.Trace?.Sent(message);
        _stream ??= _open(this);
        _stream.Send(direction, message);
    }

    void IFilterOutput.Close()
    {
        _isClosed = true;
        _stream?.Close(_settings.CloseGrace);
    }

    void IFilterOutput.Headers(Direction direction, IReadOnlyList<KeyValuePair<string, string>> lines, bool end) =>
        Of(direction).Put(new(PartKind.Headers) { Lines = lines, End = end, IsLocal = direction is Direction.Response && _filter.IsAnsweredInParts });

    void IFilterOutput.Data(Direction direction, ReadOnlyMemory<byte> bytes, bool end) => Of(direction).Put(new(PartKind.Data) { Bytes = bytes, End = end });

    void IFilterOutput.Trailers(Direction direction, IReadOnlyList<KeyValuePair<string, string>> lines) =>
        Of(direction).Put(new(PartKind.Trailers) { Lines = lines, End = true });

    void IFilterOutput.Reset(Direction direction)
    {
        Of(direction).Put(new(PartKind.Reset) { End = true });
        if (direction is Direction.Request)
        {
            _host.AbortApp();
        }
        else if (_isIdle)
        {
            _host.AbortClient(); // it may be the client that takes nothing
        }
    }

    void IFilterOutput.Reply(LocalReply reply) => ToClient.Put(new(PartKind.Reply) { Reply = reply, End = true });

    void IFilterOutput.StartTimer(Direction direction, TimeSpan time) => _timers.Start(direction, time);

    void IFilterOutput.StopTimer(Direction direction) => _timers.Stop(direction);

    void IFilterOutput.TimeExtended(TimeSpan time, bool isTaken)
    {
        if (!isTaken)
        {
            ((IFilterOutput)this).Violated($"override_message_timeout of {time} is ignored: no answer is awaited, or it is more than max_message_timeout");
        }
    }

    void IFilterOutput.ClearRouteCache() => ClearsRoute = true;

    void IFilterOutput.Metadata(Struct metadata) => _host.Write(metadata);

    void IFilterOutput.Decided(FilterOutcome outcome, string details) => _host.Decided(outcome, details);

    void IFilterOutput.Violated(string what)
    {
        _host.Trace?.Violated(what);
        _host.Violated(what);
    }

    private Outlet Of(Direction direction) => direction is Direction.Request ? ToApp : ToClient;

    private void Take(Action act)
    {
        _timers.Moved();
        lock (_gate)
        {
            if (!_isOver)
            {
                act();
                WakeAll();
            }
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (!_isOver && _timers.IsLate)
            {
                _filter.TimedOut();
                WakeAll();
            }
        }
    }

    private void OnIdle() => Take(() =>
    {
        _isIdle = true;
        _filter.Idle();
    });

    private TaskCompletionSource? WaitingFor(Direction direction)
    {
        lock (_gate)
        {
            DirectionFilter filter = _filter.Of(direction);
            long waits = filter.HeldBytes + Of(direction).Bytes + (_stream?.UnsentBytes(direction) ?? 0);
            bool hasRoom = _isOver || filter.IsOver || waits <= _settings.BufferBytes || (filter.IsBuffering && filter.TakesBody);
            return hasRoom ? null : _waiting[(int)direction] ??= NewWaiting();
        }
    }

    private TaskCompletionSource? WaitingForReceivers()
    {
        lock (_gate)
        {
            return _isOver || ToApp.Bytes + ToClient.Bytes <= _settings.AheadBytes ? null : _waiting[2] ??= NewWaiting();
        }
    }

    private static TaskCompletionSource NewWaiting() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void WakeAll()
    {
        for (int at = 0; at < _waiting.Length; at++)
        {
            _waiting[at]?.TrySetResult();
            _waiting[at] = null;
        }
    }
}
