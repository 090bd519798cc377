using System.IO.Pipelines;
using System.Net;
using ExtProc.Transport.Refusals;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ExtProc.Transport.Connections;

/// <summary>
/// Keeps a port open for those who use it. Counts its connections; at the limit one without a call makes room: one that never had a call
/// before one that had and has rested since, of these the one that has waited longest. Where all are in use, the new one is closed.
/// Closes what stays silent, unused or idle for too long, whatever frames it sends meanwhile.
/// </summary>
internal sealed class ConnectionGuard : IDisposable
{
    // How many may be leaving with a goodbye, on top of Max; more are cut off.
    private const int MostLeaving = 32;

    // Connections that are closed at once when there are no files left.
    private const int AtOnceForFiles = 16;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // How long a goodbye may take.
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    // At the limit, new connections wait in the system's queue until the oldest candidate for closing has had a moment to send something.
    // The moment is short enough that this many still leave the queue each second.
    private const double TakenInASecond = 5_000;

    private static readonly TimeSpan LongestMoment = TimeSpan.FromMilliseconds(100), Again = TimeSpan.FromMilliseconds(2);

    private readonly string _limitReason;
    private readonly bool _isHttp2;
    private readonly TransportRefusals _refusals;
    private readonly TimeProvider _time;
    private readonly TimeSpan[] _longest;
    private readonly TimeSpan _moment;
    private readonly HashSet<EndPoint> _endPoints = new(ReferenceEqualityComparer.Instance);
    private readonly ConnectionLedger _connections;
    private readonly ITimer _ticks;

    /// <param name="limitReason">The reason code of what is closed at the limit.</param>
    /// <param name="isHttp2">Whether a connection begins with HTTP/2's preface.</param>
    /// <param name="limits">What is allowed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="refusals">Notified of each connection that was refused or closed.</param>
    public ConnectionGuard(string limitReason, bool isHttp2, ConnectionLimits limits, TimeProvider time, TransportRefusals refusals)
    {
        (_limitReason, _isHttp2, Max, _time, _refusals) = (limitReason, isHttp2, limits.Max, time, refusals);
        _moment = TimeSpan.FromSeconds(Math.Min(LongestMoment.TotalSeconds, Max / TakenInASecond));
        _longest = [limits.Silent, limits.Unused, limits.Idle, Goodbye];
        _connections = new(time);
        _ticks = time.CreateTimer(_ => Look(), null, Tick, Tick);
    }

    /// <summary>Connections at once.</summary>
    public int Max { get; }

    /// <summary>Connections that are open now.</summary>
    public int Count => _connections.Count;

    /// <summary>Guards what connects to an endpoint; to be called while the server is set up.</summary>
    /// <param name="listener">The endpoint.</param>
    /// <param name="budget">Bounds what waits on its connections; null where nothing does.</param>
    public void Guard(ListenOptions listener, TransportBudget? budget = null)
    {
        _endPoints.Add(listener.EndPoint);
        listener.Use(next => Follow(next, budget));
    }

    /// <summary>Whether connections to it are guarded.</summary>
    public bool Guards(EndPoint endPoint) => _endPoints.Contains(endPoint);

    /// <summary>Where a connection comes from; null when it is over.</summary>
    public EndPoint? PeerOf(string connectionId) => _connections.Find(connectionId)?.Peer;

    /// <summary>Makes room for one more, if need be at the cost of another; false when all are in use.</summary>
    public async ValueTask<bool> MakesRoomAsync(EndPoint? peer)
    {
        while (_connections.Staying >= Max)
        {
            if (_connections.TakeLongestWaiting(_moment, out ConnectionStage stage) is { } victim)
            {
                _refusals.Add(_limitReason, $"at the limit of {Max} connections one without a call was closed for a new one", victim.Peer);
                SendAway(victim, withGoodbye: stage is ConnectionStage.Idle);
                return true;
            }

            if (stage is ConnectionStage.Closed)
            {
                _refusals.Add(_limitReason, $"at the limit of {Max} connections, all in use, a new one was closed", peer);
                return false;
            }

            await Task.Delay(Again, _time).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Says that the system had no room for a connection, and closes some that wait, so that the next ones have.</summary>
    /// <param name="what">What the system said.</param>
    public void SystemIsFull(string what)
    {
        for (int at = 0; at < AtOnceForFiles && _connections.TakeLongestWaiting(TimeSpan.Zero, out _) is { } victim; at++)
        {
            victim.Abort(GuardedConnection.NeedsItsPlace);
        }

        _refusals.Add(RefusalCause.OpenFiles, $"a connection could not be accepted: {what}", null);
    }

    /// <summary>Takes a connection in, once.</summary>
    public GuardedConnection Enter(ConnectionContext connection)
    {
        GuardedConnection entered = new(_connections, connection);
        connection.Features.Set(entered);
        _connections.Enter(entered);
        return entered;
    }

    /// <summary>Closes those that had no call for a while, once Kestrel is stopping: see <see cref="GuardedConnection.Wake"/>.</summary>
    public void WakeQuiet(TimeSpan longerThan)
    {
        foreach (GuardedConnection connection in _connections.Snapshot())
        {
            if (!connection.HasCall && _time.GetElapsedTime(connection.Since) >= longerThan)
            {
                connection.Wake();
            }
        }
    }

    /// <summary>The same for all, whatever they have.</summary>
    public void WakeAll() => _connections.Snapshot().ForEach(connection => connection.Wake());

    public void Dispose() => _ticks.Dispose();

    // Connection middleware: from the first byte to the last.
    private ConnectionDelegate Follow(ConnectionDelegate next, TransportBudget? budget) => async connection =>
    {
        // One that another transport accepted was not seen before.
        GuardedConnection guarded = connection.Features.Get<GuardedConnection>() ?? Enter(connection);
        if (budget is not null)
        {
            connection.Transport = new DuplexPipe(
                new PacedInput(connection.Transport.Input, guarded, budget, _time), new WatchedOutput(connection.Transport.Output, guarded, budget.Blocked));
        }

        try
        {
            if (_isHttp2 && await Http2Preface.ComesAsync(connection.Transport.Input).ConfigureAwait(false))
            {
                _connections.Speaks(guarded);
            }

            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            _connections.Leave(guarded);
        }
    };

    private void Look()
    {
        try
        {
            CloseOverdue();
        }
        catch (Exception)
        {
            // A host's own logger or metrics listener failed; an exception that leaves a timer's callback ends the process. The next tick retries.
        }
    }

    private void CloseOverdue()
    {
        for (ConnectionStage stage = ConnectionStage.Silent; stage <= ConnectionStage.Leaving; stage++)
        {
            while (_connections.TakeOverdue(stage, _longest[(int)stage]) is { } overdue)
            {
                if (stage is ConnectionStage.Silent)
                {
                    _refusals.Add(RefusalCause.PrefaceTimeout, $"no preface of HTTP/2 came within {_longest[0].TotalSeconds} s", overdue.Peer);
                }

                SendAway(overdue, withGoodbye: stage is ConnectionStage.Unused or ConnectionStage.Idle);
            }
        }
    }

    private void SendAway(GuardedConnection connection, bool withGoodbye)
    {
        if (withGoodbye && _connections.Leaving <= MostLeaving)
        {
            connection.AskToGo();
        }
        else
        {
            connection.Abort(GuardedConnection.NeedsItsPlace);
        }
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
