using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Protocol;
using ExtProc.Transport;

namespace ExtProc.Session;

/// <summary>
/// The part that processors are busy with. There is at most one in an exchange, so that handlers never overlap; its time is
/// limited.
/// </summary>
internal sealed class Turn(ExchangeLimits limits, GrpcCall call) : IDisposable
{
    private ValueTask _work;
    private Task? _task;
    private Task? _deadline;
    private CancellationTokenSource? _deadlineEnd;
    private DirectionSession? _direction;
    private PartKind _kind;
    private bool _endOfStream, _extended;
    private long _began;
    private TimeSpan _envoyWaits;

    public bool IsPending => _direction is not null;

    public bool HasEnded => IsPending && (_task?.IsCompleted ?? _work.IsCompleted);

    /// <summary>Says that handlers are about to run on this thread.</summary>
    public void Begin(DirectionSession direction, in Part part, EnvoyDeclaration envoy)
    {
        _began = call.BusySince = call.Time.GetTimestamp();
        (_direction, _kind, _endOfStream, _extended) = (direction, part.Kind, part.EndOfStream, false);
        _envoyWaits = direction.Mode is BodySendMode.FullDuplexStreamed || direction.IsObserved ? TimeSpan.MaxValue : envoy.MessageTimeout ?? TimeSpan.MaxValue;
    }

    /// <summary>Remembers the work; <paramref name="work"/> has run as far as it could without waiting.</summary>
    public void Start(ValueTask work)
    {
        call.BusySince = 0;
        _work = work;
        if (!work.IsCompleted)
        {
            _task = work.AsTask();
            StartDeadline(limits.HandlerTimeout);
        }
    }

    /// <summary>Waits for the work, for something that the loop has to do, or for the deadline.</summary>
    /// <exception cref="OperationCanceledException">The server ended the call.</exception>
    /// <exception cref="PeerGoneException">The peer reset the stream while nothing was read.</exception>
    /// <exception cref="HandlerTimeoutException">The deadline has passed and the handler did not end when told to.</exception>
    public async ValueTask WaitAsync(ExchangeRun run, Task flushAsked, Task? reading)
    {
        Task work = _task ?? Task.CompletedTask;
        await Task.WhenAny(work, _deadline!, flushAsked, reading ?? call.WhenEnded).ConfigureAwait(false);
        if (reading is null && call.WhenEnded.IsCompleted && !work.IsCompleted)
        {
            throw call.Verdict is null ? new PeerGoneException() : new OperationCanceledException("the server ended the call");
        }

        if (work.IsCompleted || !_deadline!.IsCompleted)
        {
            return;
        }

        // Told to end, a handler that listens ends soon, and its onError decides; one that does not ends the exchange.
        StepPlan? step = run.Running;
        run.TimeOut();
        StartDeadline(limits.CloseTimeout);
        await Task.WhenAny(work, _deadline!).ConfigureAwait(false);
        if (!work.IsCompleted)
        {
            run.Abandon();
            throw new HandlerTimeoutException(step, limits.HandlerTimeout);
        }
    }

    /// <summary>Whether Envoy would take a request for more time now: it has a timer running, allows that much, and was not asked before.</summary>
    public bool MayExtend(TimeSpan time, EnvoyDeclaration envoy, bool isObserved)
    {
        if (isObserved || _extended || time < TimeSpan.FromMilliseconds(1) || envoy.MaxMessageTimeout is not { } most || time > most || _direction?.Mode is BodySendMode.FullDuplexStreamed)
        {
            return false;
        }

        // Envoy's timer begins anew with the time that it is asked for.
        _envoyWaits = call.Time.GetElapsedTime(_began) + time;
        return _extended = true;
    }

    /// <summary>What is left of this part's time; zero when it is over.</summary>
    public TimeSpan TimeLeft()
    {
        TimeSpan limit = _envoyWaits < limits.HandlerTimeout ? _envoyWaits : limits.HandlerTimeout;
        TimeSpan left = limit - call.Time.GetElapsedTime(_began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Takes the ended work; throws what it threw.</summary>
    public (DirectionSession Direction, PartKind Kind, bool EndOfStream) Finish()
    {
        DirectionSession direction = _direction!;
        Task? task = _task;
        ValueTask work = _work;
        (_direction, _task, _work) = (null, null, default);
        EndDeadline();
        (task is null ? work : new ValueTask(task)).GetAwaiter().GetResult();
        return (direction, _kind, _endOfStream);
    }

    /// <summary>Tells a busy handler to end and waits for it a moment; false when it is still busy.</summary>
    public async ValueTask<bool> EndAsync(ExchangeRun run)
    {
        EndDeadline();
        if (_task is null)
        {
            return true;
        }

        run.Cancel();
        await Task.WhenAny(_task, Task.Delay(limits.CloseTimeout, call.Time, CancellationToken.None)).ConfigureAwait(false);
        if (_task.IsCompleted)
        {
            _ = _task.Exception; // seen: the exchange is over, nobody else asks
            return true;
        }

        run.Abandon();
        return false;
    }

    public void Dispose() => EndDeadline();

    private void StartDeadline(TimeSpan limit)
    {
        EndDeadline();
        _deadlineEnd = new();
        _deadline = Task.Delay(limit, call.Time, _deadlineEnd.Token);
    }

    private void EndDeadline()
    {
        _deadlineEnd?.Cancel();
        _deadlineEnd?.Dispose();
        _deadlineEnd = null;
    }
}

/// <summary>A handler took longer than it may, and did not end when its token was cancelled.</summary>
internal sealed class HandlerTimeoutException(StepPlan? step, TimeSpan limit)
    : Exception($"processor \"{step?.Name}\" took longer than {limit.TotalMilliseconds:0} ms (limits.handlerTimeout) and did not end when its token was cancelled")
{
    public StepPlan? Step { get; } = step;
}
