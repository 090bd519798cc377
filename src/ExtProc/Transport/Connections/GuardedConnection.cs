using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ExtProc.Transport.Connections;

/// <summary>How far a connection has come.</summary>
internal enum ConnectionStage
{
    /// <summary>Has not said which protocol it speaks.</summary>
    Silent,

    /// <summary>Speaks it, and never had a call.</summary>
    Unused,

    /// <summary>Has had calls, and has none now.</summary>
    Idle,

    /// <summary>Has been asked to leave.</summary>
    Leaving,

    /// <summary>Has a call.</summary>
    Busy,

    /// <summary>Is over.</summary>
    Closed,
}

/// <summary>One connection and what its guard knows of it; a feature of the connection, so each of its requests finds it.</summary>
internal sealed class GuardedConnection(ConnectionLedger ledger, ConnectionContext connection)
{
    /// <summary>Why a connection is closed that has done nothing wrong.</summary>
    public const string NeedsItsPlace = "the server needs the place of this connection";

    private int _calls;
    private long _untakenBytes, _streamBytes, _openedAt;

    /// <summary>Where it comes from.</summary>
    public EndPoint? Peer { get; } = connection.RemoteEndPoint;

    /// <summary>Kestrel's name for it.</summary>
    public string Id { get; } = connection.ConnectionId;

    /// <summary>How far it is. The ledger writes it.</summary>
    public ConnectionStage Stage { get; set; } = ConnectionStage.Closed;

    /// <summary>Since when. The ledger writes it.</summary>
    public long Since { get; set; }

    /// <summary>Whether it has been asked to leave. The ledger writes it.</summary>
    public bool MustGo { get; set; }

    /// <summary>Its place among those of the same stage, made once so that a change of stage costs no allocation.</summary>
    public LinkedListNode<GuardedConnection> Place => field ??= new(this);

    /// <summary>Cancelled when it is over.</summary>
    public CancellationToken Closed { get; } = connection.ConnectionClosed;

    /// <summary>Whether its peer reads nothing now. <see cref="BlockedConnections"/> writes it.</summary>
    public volatile bool IsBlocked;

    /// <summary>What its calls hold that wait for room. <see cref="WaitingRoom"/> alone touches it.</summary>
    internal long WaitingBytes;

    /// <summary>What its answers hold because its peer has not taken them, also those of calls that are over. From any thread.</summary>
    public long UntakenBytes => Volatile.Read(ref _untakenBytes);

    /// <summary>What its streams take of the memory budget besides their messages, until Kestrel lets go of them. From any thread.</summary>
    public long StreamBytes => Volatile.Read(ref _streamBytes);

    /// <summary>A timestamp: when its peer opened a stream last.</summary>
    public long OpenedAt => Volatile.Read(ref _openedAt);

    /// <summary>Whether it has a call now.</summary>
    public bool HasCall => Volatile.Read(ref _calls) > 0;

    /// <summary>Counts a block that an answer has taken, or with a negative number one that was given back.</summary>
    public void AddUntaken(int blockBytes) => Interlocked.Add(ref _untakenBytes, blockBytes);

    /// <summary>Counts a stream that its peer has opened.</summary>
    public void AddStream(long bytes, long openedAt)
    {
        Interlocked.Add(ref _streamBytes, bytes);
        Volatile.Write(ref _openedAt, openedAt);
    }

    /// <summary>Kestrel has let go of streams.</summary>
    public void RemoveStreams(long bytes) => Interlocked.Add(ref _streamBytes, -bytes);

    /// <summary>A call begins.</summary>
    public void BeginCall()
    {
        if (Interlocked.Increment(ref _calls) == 1)
        {
            ledger.Settle(this);
        }
    }

    /// <summary>A call has ended.</summary>
    public void EndCall()
    {
        if (Interlocked.Decrement(ref _calls) == 0)
        {
            ledger.Settle(this);
        }
    }

    /// <summary>Closes it at once; whatever it has is lost.</summary>
    public void Abort(string why) => connection.Abort(new ConnectionAbortedException(why));

    /// <summary>Has Kestrel say goodbye (GOAWAY) and close it after its last call.</summary>
    public void AskToGo()
    {
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
        {
            lifetime.RequestClose();
        }
        else
        {
            Abort(NeedsItsPlace);
        }
    }

    /// <summary>Makes Kestrel believe that the peer has closed it; otherwise Kestrel waits for a frame after the last call.</summary>
    public void Wake() => connection.Transport.Input.CancelPendingRead();
}
