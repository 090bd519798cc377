namespace ExtProc.Front.Exchange;

/// <summary>The clock of one exchange: an answer that is late in a direction, and an exchange in which nothing moves.</summary>
internal sealed class AnswerTimers : IDisposable
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    private readonly TimeProvider _time;
    private readonly Action _timedOut, _idle;
    private readonly TimeSpan _idleTimeout;
    private readonly ITimer?[] _timers = new ITimer?[2];
    private readonly long[] _deadlines = [long.MaxValue, long.MaxValue];
    private readonly ITimer? _idleTimer;
    private long _lastMoved;

    /// <param name="time">The clock.</param>
    /// <param name="idleTimeout">The longest that nothing may move; zero: for ever.</param>
    /// <param name="timedOut">An answer may be late: to be followed by <see cref="IsLate"/>.</param>
    /// <param name="idle">Nothing has moved for so long.</param>
    public AnswerTimers(TimeProvider time, TimeSpan idleTimeout, Action timedOut, Action idle)
    {
        (_time, _idleTimeout, _timedOut, _idle) = (time, idleTimeout, timedOut, idle);
        _lastMoved = time.GetTimestamp();
        _idleTimer = idleTimeout > TimeSpan.Zero ? time.CreateTimer(static timers => ((AnswerTimers)timers!).CheckIdle(), this, idleTimeout, Never) : null;
    }

    /// <summary>Whether an answer is late. Timers that were stopped meanwhile do not count.</summary>
    public bool IsLate => _time.GetTimestamp() is var now && (now >= _deadlines[0] || now >= _deadlines[1]);

    public void Start(Direction direction, TimeSpan time)
    {
        _deadlines[(int)direction] = _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);
        ITimer timer = _timers[(int)direction] ??= _time.CreateTimer(static timers => ((AnswerTimers)timers!)._timedOut(), this, Never, Never);
        timer.Change(time + TimeSpan.FromMilliseconds(1), Never); // a timer may be early by a tick
    }

    public void Stop(Direction direction)
    {
        _deadlines[(int)direction] = long.MaxValue;
        _timers[(int)direction]?.Change(Never, Never);
    }

    /// <summary>Something moved.</summary>
    public void Moved() => Volatile.Write(ref _lastMoved, _time.GetTimestamp());

    public void Dispose()
    {
        _timers[0]?.Dispose();
        _timers[1]?.Dispose();
        _idleTimer?.Dispose();
    }

    private void CheckIdle()
    {
        TimeSpan rested = _time.GetElapsedTime(Volatile.Read(ref _lastMoved));
        if (rested >= _idleTimeout)
        {
            _idle();
            return;
        }

        try
        {
            _idleTimer!.Change(_idleTimeout - rested, Never);
        }
        catch (ObjectDisposedException)
        {
            // The exchange is over.
        }
    }
}
