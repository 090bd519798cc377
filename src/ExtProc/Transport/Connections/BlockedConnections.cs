namespace ExtProc.Transport.Connections;

/// <summary>
/// The connections whose peers read nothing for now. All that waits for such a peer keeps its memory, also what streams have left that
/// were reset, for Kestrel frees that when it comes to write it. From any thread.
/// </summary>
internal sealed class BlockedConnections(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<GuardedConnection, long> since = [];

    /// <summary>The peer takes no more.</summary>
    public void Begin(GuardedConnection connection)
    {
        lock (gate)
        {
            since[connection] = time.GetTimestamp();
        }
    }

    /// <summary>It has taken something, or is gone.</summary>
    public void End(GuardedConnection connection)
    {
        lock (gate)
        {
            since.Remove(connection);
        }
    }

    /// <summary>Closes those that have been so for that long; how many.</summary>
    public int Close(TimeSpan forAtLeast)
    {
        List<GuardedConnection> stuck;
        lock (gate)
        {
            stuck = [.. since.Where(entry => time.GetElapsedTime(entry.Value) >= forAtLeast).Select(entry => entry.Key)];
        }

        stuck.ForEach(connection => connection.Abort("its peer reads nothing while the memory budget is used up"));
        return stuck.Count;
    }
}
