namespace ExtProc.Testing;

/// <summary>
/// A clock that stands still. A play that runs on it moves it by itself, from one timer to the next, whenever everything waits for
/// time; so a processor that takes an hour is tested at once. What runs on it must wait for nothing but this clock.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now;

    /// <inheritdoc/>
    public override long GetTimestamp() => _now.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires, in order, what falls due.</summary>
    public void Advance(TimeSpan time)
    {
        DateTimeOffset end = _now + time;
        while (Next() is { } next && next <= end)
        {
            FireAt(next);
        }

        _now = end;
    }

    /// <summary>Moves to the next timer and fires it; false when there is none.</summary>
    internal bool AdvanceToNext()
    {
        if (Next() is not { } next)
        {
            return false;
        }

        FireAt(next);
        return true;
    }

    private DateTimeOffset? Next()
    {
        lock (_lock)
        {
            return _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);
        }
    }

    private void FireAt(DateTimeOffset due)
    {
        ManualTimer? first;
        lock (_lock)
        {
            _now = due > _now ? due : _now;
            first = _timers.Find(timer => timer.Due <= _now);
            first?.Rearm(_now);
            if (first is { IsArmed: false })
            {
                _timers.Remove(first);
            }
        }

        first?.Fire();
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public bool IsArmed { get; private set; }

        public void Fire() => fire();

        public void Rearm(DateTimeOffset now)
        {
            IsArmed = _period > TimeSpan.Zero;
            Due = now + _period;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                IsArmed = dueTime >= TimeSpan.Zero;
                if (IsArmed)
                {
                    (Due, _period) = (clock._now + dueTime, period < TimeSpan.Zero ? TimeSpan.Zero : period);
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
