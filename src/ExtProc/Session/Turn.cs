using ExtProc.Configuration;
using ExtProc.Protocol;

namespace ExtProc.Session;

/// <summary>
/// The part that processors are busy with. There is at most one in an exchange, so that handlers never overlap; its time is
/// limited.
/// </summary>
internal sealed class Turn(ExchangeLimits limits, TimeProvider time) : IDisposable
{
    private CancellationTokenSource? _cancellation;
    private ValueTask _work;
    private Task? _task;
    private Task? _deadline;
    private DirectionSession? _direction;
    private PartKind _kind;
    private bool _endOfStream;
    private CancellationTokenSource? _deadlineEnd;

    public bool IsPending => _direction is not null;

    public bool HasEnded => IsPending && (_task?.IsCompleted ?? _work.IsCompleted);

    /// <summary>Cancelled when the handlers must end.</summary>
    public CancellationToken Cancellation => (_cancellation ??= new()).Token;

    public void Start(DirectionSession direction, PartKind kind, bool endOfStream, ValueTask work)
    {
        (_direction, _kind, _endOfStream, _work) = (direction, kind, endOfStream, work);
        if (!work.IsCompleted)
        {
            _task = work.AsTask();
            _deadlineEnd = new();
            _deadline = Task.Delay(limits.HandlerTimeout, time, _deadlineEnd.Token);
        }
    }

    /// <summary>Waits for the work, for something that the loop has to do, or for the deadline.</summary>
    /// <exception cref="HandlerTimeoutException">The deadline has passed and the handler did not end when told to.</exception>
    public async ValueTask WaitAsync(Task flushAsked, Task? reading)
    {
        Task work = _task ?? Task.CompletedTask;
        await (reading is null ? Task.WhenAny(work, _deadline!, flushAsked) : Task.WhenAny(work, _deadline!, flushAsked, reading)).ConfigureAwait(false);
        if (!work.IsCompleted && _deadline!.IsCompleted)
        {
            throw new HandlerTimeoutException(limits.HandlerTimeout);
        }
    }

    /// <summary>Takes the ended work; throws what it threw.</summary>
    public (DirectionSession Direction, PartKind Kind, bool EndOfStream) Finish()
    {
        DirectionSession direction = _direction!;
        Task? task = _task;
        ValueTask work = _work;
        (_direction, _task, _work) = (null, null, default);
        _deadlineEnd?.Cancel();
        _deadlineEnd?.Dispose();
        _deadlineEnd = null;
        (task is null ? work : new ValueTask(task)).GetAwaiter().GetResult();
        return (direction, _kind, _endOfStream);
    }

    /// <summary>Tells a busy handler to end and waits for it a moment; false when it is still busy.</summary>
    public async ValueTask<bool> EndAsync()
    {
        _deadlineEnd?.Cancel();
        if (_cancellation is not null)
        {
            await _cancellation.CancelAsync().ConfigureAwait(false);
        }

        if (_task is null)
        {
            return true;
        }

        await Task.WhenAny(_task, Task.Delay(limits.CloseTimeout, time, CancellationToken.None)).ConfigureAwait(false);
        if (_task.IsCompleted)
        {
            _ = _task.Exception; // seen: the exchange is over, nobody else asks
            return true;
        }

        return false;
    }

    public void Dispose()
    {
        _cancellation?.Dispose();
        _deadlineEnd?.Dispose();
    }
}

/// <summary>A handler took longer than it may.</summary>
internal sealed class HandlerTimeoutException(TimeSpan limit)
    : Exception($"a handler took longer than {limit.TotalMilliseconds:0} ms (limits.handlerTimeout)");

/// <summary>The peer left our replies unread.</summary>
internal sealed class ExchangeStalledException(TimeSpan limit)
    : Exception($"{Reasons.Stalled}: replies were not read for {limit.TotalSeconds:0.###} s (limits.stallTimeout)");
