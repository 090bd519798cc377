using System.Net;
using ExtProc.Transport.Connections;

namespace ExtProc.Transport;

/// <summary>
/// The streams that have their status and whose peers have not ended them. Kestrel keeps each for five seconds, up to twice as many as a
/// connection may have open, and tells nobody; only the end of the connection frees them sooner. From any thread.
/// </summary>
internal sealed class UnfinishedStreams(TransportBudget budget, TimeProvider time)
{
    /// <summary>How long Kestrel waits for the peer's end (its <c>RequestBodyDrainTimeout</c>), and how often it looks.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(6);

    private readonly Lock gate = new();

    // Nothing else here may refer to a connection: it keeps all its streams, also when it is closed.
    private readonly Dictionary<GuardedConnection, Kept> connections = [];

    /// <summary>Takes over what a stream has taken of the budget.</summary>
    public void Add(GuardedConnection connection, long bytes)
    {
        bool isNew;
        long overdue;
        lock (gate)
        {
            isNew = !connections.TryGetValue(connection, out Kept? kept);
            kept ??= connections[connection] = new(time.GetTimestamp());
            overdue = kept.TakeOverdue(time);
            kept.Add(time.GetTimestamp(), bytes);
        }

        Return(connection, overdue);
        if (isNew)
        {
            connection.Closed.UnsafeRegister(_ => Forget(connection), null);
        }
    }

    /// <summary>Returns what Kestrel does not keep any more.</summary>
    public void ReturnOverdue()
    {
        lock (gate)
        {
            foreach ((GuardedConnection connection, Kept kept) in connections)
            {
                Return(connection, kept.TakeOverdue(time));
                if (kept.Bytes == 0)
                {
                    connections.Remove(connection);
                }
            }
        }
    }

    /// <summary>
    /// Closes the connection that has most of them, if that is so much, and its peer has had time to end them: it has opened another stream
    /// since. One that does nothing at all is stopped perhaps, and ends them as soon as it goes on.
    /// </summary>
    /// <returns>What they held, and where it came from; 0 bytes when there is none.</returns>
    public (long Bytes, EndPoint? Peer) CloseLargest(long leastBytes)
    {
        ReturnOverdue();
        (GuardedConnection? largest, long bytes) = Largest();
        if (largest is null || bytes < leastBytes)
        {
            return default;
        }

        largest.Abort("its streams that the peer does not end hold too much of the memory budget");
        Forget(largest);
        return (bytes, largest.Peer);
    }

    private (GuardedConnection? Connection, long Bytes) Largest()
    {
        lock (gate)
        {
            return connections.Where(entry => entry.Key.OpenedAt > entry.Value.Since).Select(entry => (entry.Key, entry.Value.Bytes))
                .DefaultIfEmpty().MaxBy(entry => entry.Bytes);
        }
    }

    private void Forget(GuardedConnection connection)
    {
        long bytes;
        lock (gate)
        {
            bytes = connections.Remove(connection, out Kept? kept) ? kept.Bytes : 0;
        }

        Return(connection, bytes);
    }

    private void Return(GuardedConnection connection, long bytes)
    {
        connection.RemoveStreams(bytes);
        budget.Return(bytes);
    }

    /// <summary>What streams of one connection hold, the oldest first.</summary>
    /// <param name="since">A timestamp: since when there are any.</param>
    private sealed class Kept(long since)
    {
        private readonly Queue<(long Since, long Bytes)> streams = new();

        public long Since => since;

        public long Bytes { get; private set; }

        public void Add(long now, long bytes)
        {
            streams.Enqueue((now, bytes));
            Bytes += bytes;
        }

        public long TakeOverdue(TimeProvider time)
        {
            long before = Bytes;
            while (streams.TryPeek(out var first) && time.GetElapsedTime(first.Since) >= KeptFor)
            {
                Bytes -= streams.Dequeue().Bytes;
            }

            return before - Bytes;
        }
    }
}
