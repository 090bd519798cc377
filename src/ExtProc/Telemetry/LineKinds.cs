namespace ExtProc.Telemetry;

/// <summary>What repeated lines have in common: who writes them, and about what.</summary>
/// <param name="Category">The logger's name.</param>
/// <param name="Id">The event's number.</param>
/// <param name="About">The processor, the reason, the problem of a configuration: those that the event has.</param>
/// <param name="Place">Where the exception was thrown; 0 without one.</param>
internal readonly record struct LineKind(string Category, int Id, string About = "", int Place = 0);

/// <summary>
/// Keeps lines of one kind from filling the disk and from hiding the others: anyone who can make one exchange fail can do so ten thousand
/// times a second. In each period a few lines of a kind are written, the rest is counted, and one line at its end says how many there were.
/// </summary>
internal sealed class LineKinds : IDisposable
{
    /// <summary>Lines of a kind that are written in <see cref="While"/>, but for the last, which says how many more there were.</summary>
    public const int MostLines = 10;

    /// <summary>For how long lines of a kind are counted together.</summary>
    public static readonly TimeSpan While = TimeSpan.FromSeconds(10);

    /// <summary>After how long the stack of a place is written again.</summary>
    public static readonly TimeSpan StackWhile = TimeSpan.FromMinutes(10);

    // The code has few kinds, but authors may invent reasons; beyond this many, all share one kind.
    private const int MostKinds = 200;

    private static readonly LineKind Others = new("", 0);

    private readonly Lock _gate = new();
    private readonly Dictionary<LineKind, State> _kinds = [];
    private readonly TimeProvider _time;
    private readonly Action<string> _tell;
    private readonly ITimer _timer;
    private bool _isWatching;

    /// <param name="time">The clock.</param>
    /// <param name="tell">Takes the line that says how many were not written.</param>
    public LineKinds(TimeProvider time, Action<string> tell)
    {
        (_time, _tell) = (time, tell);
        _timer = time.CreateTimer(static kinds => ((LineKinds)kinds!).EndOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes a line into account.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">How the line that counts the rest calls them.</param>
    /// <param name="stackToldAt">When the stack of this place was written; null when it is to be written now.</param>
    /// <returns>Whether to write it.</returns>
    public bool MayTell(LineKind kind, string name, out DateTimeOffset? stackToldAt)
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            State state = StateOf(kind, name, now);
            stackToldAt = now - state.StackToldAt < StackWhile ? state.StackToldAt : null;
            if (state.Count++ >= MostLines)
            {
                Watch();
                return false;
            }

            state.StackToldAt = stackToldAt ?? now;
            return true;
        }
    }

    /// <summary>Says what was counted so far, at the end.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            foreach (State state in _kinds.Values)
            {
                Tell(state);
            }
        }
    }

    private State StateOf(LineKind kind, string name, DateTimeOffset now)
    {
        if (_kinds.Count >= MostKinds && !_kinds.ContainsKey(kind))
        {
            Forget(now);
            (kind, name) = _kinds.Count < MostKinds ? (kind, name) : (Others, "other lines");
        }

        if (!_kinds.TryGetValue(kind, out State? state))
        {
            _kinds[kind] = state = new(name, now);
        }
        else if (now - state.Began >= While)
        {
            Tell(state);
            (state.Began, state.Count) = (now, 0);
        }

        return state;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach ((LineKind kind, State state) in _kinds.ToList())
        {
            if (now - state.Began >= While && state.Count <= MostLines)
            {
                _kinds.Remove(kind);
            }
        }
    }

    private void EndOver()
    {
        lock (_gate)
        {
            _isWatching = false;
            DateTimeOffset now = _time.GetUtcNow();
            foreach (State state in _kinds.Values.Where(state => now - state.Began >= While))
            {
                Tell(state);
            }

            if (_kinds.Values.Any(state => state.Count > MostLines))
            {
                Watch();
            }
        }
    }

    // Once per period is enough: only a count is reported late.
    private void Watch()
    {
        if (!_isWatching)
        {
            _isWatching = true;
            _timer.Change(While, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell(State state)
    {
        if (state.Count > MostLines)
        {
            _tell($"{state.Name}: {state.Count - MostLines} more lines like this since {state.Began:HH:mm:ss}");
            state.Count = 0;
        }
    }

    private sealed class State(string name, DateTimeOffset began)
    {
        public string Name { get; } = name;

        public DateTimeOffset Began { get; set; } = began;

        public DateTimeOffset StackToldAt { get; set; } = DateTimeOffset.MinValue;

        public long Count { get; set; }
    }
}
