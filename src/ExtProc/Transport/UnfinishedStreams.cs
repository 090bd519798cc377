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
    private readonly Queue<(long Since, GuardedConnection Connection, long Bytes)> kept = new();
    private readonly HashSet<GuardedConnection> connections = [];

    /// <summary>Takes over what a stream has taken of the budget.</summary>
    public void Add(GuardedConnection connection, long bytes)
    {
        ReturnOverdue();
        bool isNew;
        lock (gate)
        {
            long now = time.GetTimestamp();
            isNew = connections.Add(connection);
            connection.UnfinishedSince = isNew ? now : connection.UnfinishedSince;
            connection.UnfinishedBytes += bytes;
            kept.Enqueue((now, connection, bytes));
        }

        if (isNew)
        {
            connection.Closed.UnsafeRegister(_ => Forget(connection), null);
        }
    }

    /// <summary>Returns what Kestrel does not keep any more.</summary>
    public void ReturnOverdue()
    {
        long bytes = 0;
        lock (gate)
        {
            while (kept.TryPeek(out var first) && time.GetElapsedTime(first.Since) >= KeptFor)
            {
                kept.Dequeue();
                bytes += Take(first.Connection, first.Bytes);
            }
        }

        budget.Return(bytes);
    }

    /// <summary>
    /// Closes the connection that has most of them, if that is so much, and its peer has had time to end them: it has opened another stream
    /// since. One that does nothing at all is stopped perhaps, and ends them as soon as it goes on.
    /// </summary>
    /// <returns>What they held, and where it came from; 0 bytes when there is none.</returns>
    public (long Bytes, EndPoint? Peer) CloseLargest(long leastBytes)
    {
        ReturnOverdue();
        GuardedConnection? largest;
        long bytes;
        lock (gate)
        {
            largest = connections.Where(HasGoneOn).MaxBy(connection => connection.UnfinishedBytes);
            if (largest is null || largest.UnfinishedBytes < leastBytes)
            {
                return default;
            }

            bytes = largest.UnfinishedBytes;
        }

        largest.Abort("its streams that the peer does not end hold too much of the memory budget");
        Forget(largest);
        return (bytes, largest.Peer);
    }

    private static bool HasGoneOn(GuardedConnection connection) => connection.OpenedAt > connection.UnfinishedSince;

    private void Forget(GuardedConnection connection)
    {
        long bytes;
        lock (gate)
        {
            bytes = Take(connection, connection.UnfinishedBytes);
        }

        budget.Return(bytes);
    }

    // Less than was added when the connection is closed: then all of it was taken at once.
    private long Take(GuardedConnection connection, long bytes)
    {
        bytes = Math.Min(bytes, connection.UnfinishedBytes);
        connection.UnfinishedBytes -= bytes;
        connection.RemoveStreams(bytes);
        if (connection.UnfinishedBytes == 0)
        {
            connections.Remove(connection);
        }

        return bytes;
    }
}
