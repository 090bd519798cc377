using Envoy.Service.ExtProc.V3;

namespace ExtProc.Front.Filter;

/// <summary>
/// Envoy's ext_proc filter for one HTTP exchange, without any I/O: takes what client, upstream and server send, in any order, and tells
/// the output what follows. One call at a time; the caller takes care of that.
/// </summary>
internal sealed partial class FilterExchange
{
    private readonly FilterSettings _settings;
    private readonly IFilterOutput _output;
    private readonly LocalReplies _local;
    private State _state;
    private bool _isClosed;

    public FilterExchange(FilterSettings settings, IFilterOutput output)
    {
        var messages = new Messages(settings);
        (_settings, _output) = (settings, output);
        Request = new(Direction.Request, settings, output, messages, Fail);
        Response = new(Direction.Response, settings, output, messages, Fail);
        _local = new(settings, output, Request, Response);
    }

    private enum State
    {
        /// <summary>The server takes part.</summary>
        Processing,

        /// <summary>The exchange goes on without the server.</summary>
        Passing,

        /// <summary>A local response takes the place of the upstream's.</summary>
        Answered,
    }

    public DirectionFilter Request { get; }

    public DirectionFilter Response { get; }

    /// <summary>The client has its response, and nothing of the upstream's follows.</summary>
    public bool IsAnswered => _state is State.Answered;

    /// <summary>The client's response comes from the server part by part, and is no upstream's.</summary>
    public bool IsAnsweredInParts => _local.HasBegun;

    public DirectionFilter Of(Direction direction) => direction is Direction.Request ? Request : Response;

    /// <summary>The sender's headers came.</summary>
    /// <param name="direction">Whose.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="end">They are all there is.</param>
    /// <param name="isUpgrade">They ask for an upgrade over HTTP/1.1, or grant it.</param>
    public void Headers(Direction direction, IEnumerable<KeyValuePair<string, string>> lines, bool end, bool isUpgrade = false) => Take(direction, to => to.OnHeaders(lines, end, isUpgrade));

    /// <summary>A piece of the sender's body came; the bytes must not change afterwards.</summary>
    public void Data(Direction direction, ReadOnlyMemory<byte> bytes, bool end) => Take(direction, to => to.OnData(bytes, end));

    /// <summary>The sender's trailers came.</summary>
    public void Trailers(Direction direction, IEnumerable<KeyValuePair<string, string>> lines) => Take(direction, to => to.OnTrailers(lines));

    /// <summary>A message of the server came.</summary>
    public void Receive(ProcessingResponse answer)
    {
        if (_state is not State.Processing)
        {
            return;
        }

        if (_settings.ObservabilityMode)
        {
            _output.Violated("an answer in observability mode, where Envoy takes none");
            return;
        }

        if (_isClosed && _settings.Behavior.IgnoresSurplusAnswers)
        {
            _output.Violated("an answer when Envoy awaits none any more is ignored");
            return;
        }

        if (Obey(answer) is { } failure)
        {
            Fail(failure);
        }

        CloseIfDone();
    }

    /// <summary>The server ended the stream.</summary>
    /// <param name="status">The gRPC status.</param>
    /// <param name="message">Its text.</param>
    public void ServerEnded(int status, string message)
    {
        if (_state is not State.Processing || _isClosed)
        {
            return;
        }

        if (status != 0)
        {
            Fail(new($"ext_proc_error_gRPC_error_{status}{(message.Length == 0 ? "" : $"{{{message}}}")}"));
            return;
        }

        if (_settings.ObservabilityMode)
        {
            PassRest(); // it has seen enough
            return;
        }

        _output.Violated(Request.HasGivenAwayBody || Response.HasGivenAwayBody
            ? "OK while chunks are not returned: they vanish from the body"
            : "OK before Envoy was done: the rest passes unprocessed");
        _output.Decided(FilterOutcome.Released, "");
        PassRest();
    }

    /// <summary>The time for an answer is over.</summary>
    public void TimedOut()
    {
        if (_state is State.Processing)
        {
            Fail(new("ext_proc_error_per-message_timeout_exceeded") { Status = 504 });
        }
    }

    /// <summary>Nothing has moved for too long: the client gets what Envoy's connection manager says then.</summary>
    public void Idle() => Fail(new("stream_idle_timeout") { FailsClosed = true, Status = Request.HasEnded ? 504 : 408, Body = "stream timeout" });

    private void Take(Direction direction, Action<DirectionFilter> act)
    {
        if (_state is State.Answered || (_local.HasBegun && direction is Direction.Response))
        {
            return;
        }

        act(Of(direction));
        CloseIfDone();
    }

    private void Fail(FilterFailure failure)
    {
        if (_settings.FailureModeAllow && !failure.FailsClosed && !Request.HasGivenAwayBody && !Response.HasGivenAwayBody && !_local.HasBegun)
        {
            _output.Decided(FilterOutcome.FailedOpen, failure.Why);
            PassRest();
            return;
        }

        Answer(() => _local.Fail(failure), FilterOutcome.Failed, failure.Why);
    }

    private void Answer(Action send, FilterOutcome outcome, string details)
    {
        if (_state is State.Answered)
        {
            return;
        }

        _state = State.Answered;
        _output.Decided(outcome, details);
        send();
        Request.Drop();
        Response.Drop();
        Close();
    }

    private void PassRest()
    {
        _state = State.Passing;
        Request.PassRest();
        Response.PassRest();
        Close();
    }

    /// <summary>Closes the stream when nothing can be sent on it any more.</summary>
    private void CloseIfDone()
    {
        if (_state is not State.Processing || _isClosed || _local.HasBegun)
        {
            return;
        }

        bool isDone = _settings.Behavior.IgnoresSurplusAnswers
            ? !Response.MaySend && (!Request.MaySend || (_settings.Behavior.ClosesWithTheResponse && Response.HasBegun))
            : Request.IsOver && Response.IsOver;
        if (isDone)
        {
            Close();
            Request.PassRest();
            Response.PassRest();
        }
    }

    private void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _output.Close();
        }
    }
}
