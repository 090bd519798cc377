namespace ExtProc.Transport.Connections;

/// <summary>
/// The connections that are open, and how far each has come. Those without a call are in lists by stage, the one that has waited
/// longest first, so that finding it costs the same with ten as with ten thousand.
/// </summary>
internal sealed class ConnectionLedger(TimeProvider time)
{
    // A peer that calls often is between two calls most of the time, so a short pause does not make it idle.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, GuardedConnection> _open = new(StringComparer.Ordinal);
    private readonly LinkedList<GuardedConnection>[] _waiting = [new(), new(), new(), new()];
    private int _staying;

    /// <summary>Connections that are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Those of them that have not been asked to leave.</summary>
    public int Staying
    {
        get
        {
            lock (_gate)
            {
                return _staying;
            }
        }
    }

    /// <summary>Those that have been asked to leave and are still open.</summary>
    public int Leaving
    {
        get
        {
            lock (_gate)
            {
                return _waiting[(int)ConnectionStage.Leaving].Count;
            }
        }
    }

    /// <summary>All that are open.</summary>
    public List<GuardedConnection> Snapshot()
    {
        lock (_gate)
        {
            return [.. _open.Values];
        }
    }

    /// <summary>The one of an id; null when it is over.</summary>
    public GuardedConnection? Find(string id)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(id);
        }
    }

    /// <summary>Takes one in.</summary>
    public void Enter(GuardedConnection connection)
    {
        lock (_gate)
        {
            _open[connection.Id] = connection;
            Put(connection, ConnectionStage.Silent);
        }
    }

    /// <summary>Takes one out.</summary>
    public void Leave(GuardedConnection connection)
    {
        lock (_gate)
        {
            _open.Remove(connection.Id);
            Put(connection, ConnectionStage.Closed);
        }
    }

    /// <summary>It has said that it speaks the port's protocol.</summary>
    public void Speaks(GuardedConnection connection)
    {
        lock (_gate)
        {
            if (connection.Stage is ConnectionStage.Silent)
            {
                Put(connection, ConnectionStage.Unused);
            }
        }
    }

    /// <summary>Its first call has begun, or its last one has ended.</summary>
    public void Settle(GuardedConnection connection)
    {
        lock (_gate)
        {
            if (connection.Stage is not ConnectionStage.Closed)
            {
                Put(connection, connection.HasCall ? ConnectionStage.Busy : connection.MustGo ? ConnectionStage.Leaving : ConnectionStage.Idle);
            }
        }
    }

    /// <summary>Marks as leaving the one that has been at a stage for longest, if for that long; null when there is none.</summary>
    public GuardedConnection? TakeOverdue(ConnectionStage stage, TimeSpan longest)
    {
        lock (_gate)
        {
            return First(stage) is { } first && time.GetElapsedTime(first.Since) >= longest ? MarkAsGoing(first) : null;
        }
    }

    /// <summary>
    /// Marks as leaving the one that has waited longest of those that never had a call, else of those that had one some time ago; null when
    /// all are in use, or when that one is new and may only have had no time yet to say anything.
    /// </summary>
    /// <param name="moment">How long one is new.</param>
    /// <param name="stage">How far it had come; <see cref="ConnectionStage.Closed"/> when all are in use.</param>
    public GuardedConnection? TakeLongestWaiting(TimeSpan moment, out ConnectionStage stage)
    {
        lock (_gate)
        {
            GuardedConnection? silent = First(ConnectionStage.Silent), unused = First(ConnectionStage.Unused);
            GuardedConnection? victim = (silent, unused) switch
            {
                (null, _) => unused ?? Rested(),
                (_, null) => silent,
                _ => silent.Since <= unused.Since ? silent : unused,
            };
            stage = victim?.Stage ?? ConnectionStage.Closed;
            return victim is null || time.GetElapsedTime(victim.Since) < moment ? null : MarkAsGoing(victim);
        }
    }

    private GuardedConnection? First(ConnectionStage stage) => _waiting[(int)stage].First?.Value;

    private GuardedConnection? Rested() =>
        First(ConnectionStage.Idle) is { } idle && time.GetElapsedTime(idle.Since) >= Rest ? idle : null;

    private static int Stays(ConnectionStage stage) => stage is ConnectionStage.Leaving or ConnectionStage.Closed ? 0 : 1;

    // One that was leaving already is no longer tracked in a list.
    private GuardedConnection MarkAsGoing(GuardedConnection connection)
    {
        connection.MustGo = true;
        Put(connection, connection.Stage is ConnectionStage.Leaving ? ConnectionStage.Closed : ConnectionStage.Leaving);
        return connection;
    }

    private void Put(GuardedConnection connection, ConnectionStage stage)
    {
        connection.Place.List?.Remove(connection.Place);
        _staying += Stays(stage) - Stays(connection.Stage);
        (connection.Stage, connection.Since) = (stage, time.GetTimestamp());
        if (stage <= ConnectionStage.Leaving)
        {
            _waiting[(int)stage].AddLast(connection.Place);
        }
    }
}
